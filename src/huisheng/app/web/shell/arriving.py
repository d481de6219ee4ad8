"""What is put right about a request, or refused, before anything looks at it."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

FORM = "application/x-www-form-urlencoded"
API = "/api/"
"""Its schemas refuse such text themselves, in its own words."""


class Arriving:
    """Believes a proxy as far as the settings say there is one, and refuses the character NUL.

    No text of ours holds a NUL, and PostgreSQL takes none: let through, it would come out as a
    defect of the program.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, knowing whence a request came."""
        if settings.PROXIES:
            request.META["REMOTE_ADDR"] = _address(request)
        if settings.SESSION_COOKIE_SECURE:
            # The browser speaks HTTPS with the proxy; forms name that as their origin.
            request.META["wsgi.url_scheme"] = "https"
        if not request.path.startswith(API) and _has_nul(request):
            return HttpResponse(
                "地址或表单里有不能用的字符。", status=400, content_type="text/plain"
            )
        return self._get_response(request)


def _address(request: HttpRequest) -> str:
    """Return the address that the outermost of our own proxies saw; what stands left of it is talk.

    Each proxy appends whom it saw, so with n of them the n-th from the right is to be believed.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if len(told) < settings.PROXIES:
        return direct
    try:
        return str(ip_address(told[-settings.PROXIES].strip()))
    except ValueError:
        return direct


def _has_nul(request: HttpRequest) -> bool:
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    try:
        return request.content_type == FORM and b"%00" in request.body
    except UnreadablePostError:
        return False
