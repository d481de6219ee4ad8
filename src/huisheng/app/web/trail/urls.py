"""Addresses of the audit."""

from django.urls import path

from huisheng.app.web.trail import views

urlpatterns = [
    path("", views.page, name="audit"),
    path("events.csv", views.download, name="audit-csv"),
]
