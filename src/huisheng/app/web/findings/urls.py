"""Addresses of the stuck points."""

from django.urls import path

from huisheng.app.web.findings import views

urlpatterns = [
    path("", views.listing, name="findings"),
    path("<str:finding_id>", views.finding, name="finding"),
    path("<str:finding_id>/decide", views.decide_on, name="finding-decide"),
]
