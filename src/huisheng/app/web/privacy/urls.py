"""Addresses of the privacy room."""

from django.urls import path

from huisheng.app.web.privacy import keeping, views

urlpatterns = [
    path("", views.front, name="privacy"),
    path("find", views.find, name="privacy-find"),
    path("requests/<int:request_id>/", views.page, name="privacy-request"),
    path("requests/<int:request_id>/progress", views.progress, name="privacy-progress"),
    path("requests/<int:request_id>/export", views.export, name="privacy-export"),
    path("requests/<int:request_id>/erase", views.erase, name="privacy-erase"),
    path("retention", keeping.page, name="privacy-retention"),
    path("retention/days", keeping.change, name="privacy-retention-days"),
    path("retention/switch", keeping.switch, name="privacy-retention-switch"),
    path("retention/run", keeping.run_now, name="privacy-retention-run"),
]
