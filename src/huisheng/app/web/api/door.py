"""The door of the API: who knocks, how often, whether they were here before, and in what shape.

Sessions open nothing here, so no browser can be made to ask in somebody's name.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api import limits
from huisheng.app.web.api.models import Token
from huisheng.app.web.api.problems import problem
from huisheng.app.web.api.tokens import access_by, find_token
from huisheng.app.web.audit.models import VIA

ROOT = "/api/v1/"
OPENAPI = f"{ROOT}openapi.json"
TOKEN = "huisheng.token"
"""Key of `request.META` that holds the token's row number."""

CHANGE_PASSWORD = "账号：初始密码还没有改。请先在网页登录并改密码"


class Door:
    """Lets programs in by their tokens; what is not about the API passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the API's own shape, whatever happens."""
        if not request.path.startswith(ROOT):
            return self._get_response(request)
        if request.path == OPENAPI:
            return _shaped(self._get_response(request))
        token = find_token(request.headers.get("Authorization", ""))
        return _refused(request) if token is None else self._let_in(request, token)

    def _let_in(self, request: HttpRequest, token: Token) -> HttpResponseBase:
        allowed = limits.knock(f"token:{token.pk}", settings.API_PER_MINUTE, limits.MINUTE_S)
        if allowed.is_over:
            return problem(429, headers=allowed.headers)
        response = _shaped(self._answered(request, token))
        for name, value in allowed.headers.items():
            response.headers[name] = value
        return response

    def _answered(self, request: HttpRequest, token: Token) -> HttpResponseBase:
        if token.user.must_change_password:
            return problem(403, CHANGE_PASSWORD, code="must_change_password")
        return self._get_response(_known(request, token))


def _known(request: HttpRequest, token: Token) -> Request:
    """Make a request what the pages' own functions expect: somebody's, with their access."""
    request.user = token.user
    request.access = access_by(token)  # type: ignore[attr-defined]
    request.META[VIA] = f"［令牌「{token.name}」{token.prefix}…］"
    request.META[TOKEN] = token.pk
    return request  # type: ignore[return-value]


def _refused(request: HttpRequest) -> HttpResponseBase:
    """Turn somebody away; an address that keeps trying is told to wait.

    Tokens are too long to be guessed, so this spares the store and the log, and a right token is
    let in from any address all the same.
    """
    address = request.META.get("REMOTE_ADDR", "")[:64]
    tried = limits.knock(f"address:{address}", settings.API_FAILURES, limits.QUARTER_S)
    if tried.is_over:
        return problem(429, headers={"Retry-After": str(tried.seconds)})
    return problem(401, headers={"WWW-Authenticate": 'Bearer realm="huisheng"'})


def _shaped(response: HttpResponseBase) -> HttpResponseBase:
    """Give an error that the framework wrote as a page the shape of the API."""
    json = response.headers.get("Content-Type", "").startswith("application/json")
    if response.status_code < 400 or (json and isinstance(response, HttpResponse)):
        return response
    kept = {name: response.headers[name] for name in ("Allow",) if name in response.headers}
    return problem(response.status_code, headers=kept)
