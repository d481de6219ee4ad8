"""What is looked at before any operation that changes something: its body, and its key."""

import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase

from huisheng.app.web.api import idempotency
from huisheng.app.web.api.door import TOKEN
from huisheng.app.web.api.idempotency import answer_once, fingerprint
from huisheng.app.web.api.models import Token
from huisheng.app.web.api.problems import problem

MOST_BODY_BYTES = 256 * 1024
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
UPLOADS = ("/data/uploads", "/corrected")
BAD_KEY = f"请求头 {idempotency.HEADER}：要 8–100 个字母、数字、横线或下划线。请换一个"

Run = Callable[..., HttpResponseBase]


def once(run: Run) -> Run:
    """Wrap an operation so that a body fit to read comes to it, once per key."""

    @wraps(run)
    def wrapped(request: HttpRequest, **parts: object) -> HttpResponseBase:
        if request.method not in CHANGING:
            return run(request, **parts)
        key = request.headers.get(idempotency.HEADER)
        if key is not None and not re.fullmatch(idempotency.PATTERN, key):
            return problem(422, BAD_KEY)
        if request.path.endswith(UPLOADS):
            # Its files are read once, to where they belong; the route looks at the key itself.
            return run(request, **parts)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            return problem(413)
        if request.body and request.content_type != "application/json":
            return problem(415)
        print_ = fingerprint(str(request.method), request.get_full_path(), request.body)
        return answer_once(token_of(request), key or "", print_, lambda: run(request, **parts))

    return wrapped


def token_of(request: HttpRequest) -> Token:
    """Return the token that a request came with."""
    return Token.objects.get(pk=request.META[TOKEN])
