"""The address of the overview."""

from django.urls import path

from huisheng.app.web.overview import views

urlpatterns = [path("", views.overview, name="overview")]
