"""Addresses of the overview, the briefing and the promotion."""

from django.urls import path

from huisheng.app.web.overview import score_views, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("briefing", views.morning, name="briefing"),
    path("scores", score_views.scores, name="scores"),
    path("promotion", views.promotion, name="promotion"),
]
