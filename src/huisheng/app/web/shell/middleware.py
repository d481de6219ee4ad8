"""Headers that every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
)

DEVICES = "camera=(), microphone=(), geolocation=()"


class SecurityHeaders:
    """Allow nothing that we did not serve ourselves, and keep pages with people's words private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", DEVICES)
        if not response.headers.get("Content-Type", "").startswith(("text/css", "text/javascript")):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
