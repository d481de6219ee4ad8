"""Addresses of the weekly letter."""

from django.urls import path

from huisheng.app.web.digest import views

urlpatterns = [
    path("", views.page, name="digest"),
    path("try", views.try_it, name="digest-try"),
]
