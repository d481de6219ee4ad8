"""Addresses of the doors and of the people."""

from django.urls import path

from huisheng.app.web.accounts import bulk, me, people, person, views

urlpatterns = [
    path("first-visit", views.first_visit, name="first-visit"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("password", views.password, name="password"),
    path("people/", people.listing, name="people"),
    path("people/new", people.add, name="person-new"),
    path("people/import", bulk.page, name="people-import"),
    path("people/import/confirm", bulk.confirm, name="people-import-confirm"),
    path("people/import/template.<slug:kind>", bulk.template, name="people-template"),
    path("people/<int:user_id>/", person.edit, name="person"),
    path("people/<int:user_id>/active", person.activate, name="person-active"),
    path("people/<int:user_id>/password", person.reset, name="person-password"),
    path("people/<int:user_id>/sign-out", person.sign_out_everywhere, name="person-sign-out"),
    path("people/<int:user_id>/second-factor", person.reset_factor, name="person-factor"),
    path("account/", me.page, name="account"),
    path("account/sign-out-elsewhere", me.sign_out_elsewhere, name="account-elsewhere"),
    path("account/second-factor", me.enrol, name="account-factor"),
    path("account/second-factor/start", me.start, name="account-factor-start"),
    path("account/second-factor/off", me.switch_off, name="account-factor-off"),
    path("account/second-factor/codes", me.codes, name="account-codes"),
]
