"""Addresses of the channels."""

from django.urls import path

from huisheng.app.web.channels import views

urlpatterns = [
    path("", views.page, name="channels"),
    path("new", views.add, name="channel-new"),
    path("<int:channel_id>/", views.edit, name="channel"),
    path("<int:channel_id>/try", views.try_it, name="channel-try"),
    path("<int:channel_id>/switch", views.switch, name="channel-switch"),
    path("<int:channel_id>/remove", views.remove, name="channel-remove"),
]
