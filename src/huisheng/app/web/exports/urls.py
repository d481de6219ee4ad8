"""Addresses of the exports."""

from django.urls import path

from huisheng.app.web.exports import views

urlpatterns = [
    path("", views.listing, name="exports"),
    path("new", views.ask, name="export"),
    path("<int:request_id>/decide", views.decide, name="export-decide"),
    path("<int:request_id>/file", views.fetch, name="export-file"),
]
