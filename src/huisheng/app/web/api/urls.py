"""Addresses of the API, of its tokens and of its document for people."""

from django.urls import path

from huisheng.app.web.api import pages
from huisheng.app.web.api.service import SERVICE

urlpatterns = [
    path("api/v1/", SERVICE.urls),
    path("api/", pages.reference, name="api-reference"),
    path("tokens/", pages.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke", pages.close, name="token-revoke"),
]
