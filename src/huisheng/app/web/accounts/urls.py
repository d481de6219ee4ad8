"""Addresses of the doors and of the people."""

from django.urls import path

from huisheng.app.web.accounts import people, views

urlpatterns = [
    path("first-visit", views.first_visit, name="first-visit"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("password", views.password, name="password"),
    path("people/", people.listing, name="people"),
    path("people/new", people.add, name="person-new"),
    path("people/<int:user_id>/active", people.set_active, name="person-active"),
]
