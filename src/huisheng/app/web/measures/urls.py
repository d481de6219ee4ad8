"""Addresses of the metrics."""

from django.urls import path

from huisheng.app.web.measures import views

urlpatterns = [
    path("", views.catalogue, name="measures"),
    path("<slug:metric_id>", views.measure, name="measure"),
    path("<slug:metric_id>/records", views.records, name="measure-records"),
    path("<slug:metric_id>/record", views.record, name="measure-record"),
]
