"""Addresses that belong to no room."""

from django.urls import path

from huisheng.app.web.shell import views

urlpatterns = [path("healthz", views.healthy, name="healthz")]
