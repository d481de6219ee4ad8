"""Addresses of buyers' words. Ids come last and may hold slashes."""

from django.urls import path

from huisheng.app.web.voices import correcting, reading, terms_page, views

urlpatterns = [
    path("", views.ranked, name="voices"),
    path("terms", terms_page.terms, name="terms"),
    path("words", views.words, name="words"),
    path("conversation/<str:shop_id>/<path:conv_id>", reading.conversation, name="conversation"),
    path("record/<str:shop_id>/<str:table>/<path:row_id>", reading.record, name="record"),
    path("labels", correcting.overview, name="labels"),
    path("label/<str:shop_id>/<str:table>/<path:row_id>", correcting.line, name="label-line"),
    path("judge/<str:shop_id>/<str:table>/<path:row_id>", correcting.judge_line, name="judge-line"),
]
