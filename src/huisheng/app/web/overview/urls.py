"""Addresses of the overview, the briefing and the promotion."""

from django.urls import path

from huisheng.app.web.overview import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("briefing", views.morning, name="briefing"),
    path("promotion", views.promotion, name="promotion"),
]
