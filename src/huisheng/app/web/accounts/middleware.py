"""Nobody sees a page without signing in; what they may see is read once per request."""

from collections.abc import Callable

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from huisheng.app.web.accounts.access import Access, access_of
from huisheng.app.web.accounts.models import User

OPEN = ("/static/", "/healthz", "/first-visit", "/sign-in", "/api/v1/")


class Request(HttpRequest):
    """A request of a signed-in person."""

    user: User
    access: Access


class SignedIn:
    """Send strangers to the sign-in page, and the very first visitor to make the owner account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for people we know."""
        if request.path.startswith(OPEN):
            request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]
            return self._get_response(request)
        user = get_user(request)
        if isinstance(user, AnonymousUser) or not user.is_active:
            return _to_the_door(request)
        request.user = user
        request.access = access_of(user)  # type: ignore[attr-defined]
        if user.must_change_password and request.path not in (
            reverse("password"),
            reverse("sign-out"),
        ):
            return redirect("password")
        return self._get_response(request)


def _to_the_door(request: HttpRequest) -> HttpResponseBase:
    if not User.objects.exists():
        return redirect("first-visit")
    if request.headers.get("HX-Request") == "true":
        # A fragment of the sign-in page inside another page would help nobody.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign-in")})
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
