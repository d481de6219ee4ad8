"""One key, one deed: a request that comes again is given the answer that was given before.

The key is claimed before the deed and the answer kept after it. Should a process die in between,
the key is free again after `PATIENCE`, and what guards the deed itself (versions of findings,
counts of judgements, imports that change nothing the second time) guards it still.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from huisheng.app.web.api.models import KeptAnswer, Token
from huisheng.app.web.api.problems import problem

HEADER = "Idempotency-Key"
PATTERN = r"^[A-Za-z0-9_-]{8,100}$"
KEPT = timedelta(hours=24)
PATIENCE = timedelta(minutes=2)
PASSING = frozenset({401, 403, 409, 429})
"""Answers that tell of the moment, so are made anew when the request comes again."""

OTHER = f"请求头 {HEADER}：这个键已经用在另一个请求上。请换一个新的键"
UNDER_WAY = f"请求头 {HEADER}：同一个请求还在处理。请稍后用同一个键再取结果"


def fingerprint(method: str, address: str, content: bytes) -> str:
    """Return what a request is recognised by."""
    text = f"{method} {address}\n".encode("utf-8", "replace")
    # Keyed, since what was asked may be a buyer's name that is to be kept nowhere.
    return salted_hmac("huisheng.api", text + content, algorithm="sha256").hexdigest()


def forget_old(now: datetime) -> None:
    """Forget the answers that nobody may ask for again; buyers' words may stand in them."""
    KeptAnswer.objects.filter(made_at__lt=now - KEPT).delete()


def answer_once(
    token: Token, key: str, print_: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Answer a request, or repeat the answer that its key had; without a key just answer."""
    if not key:
        return answer()
    now = timezone.now()
    forget_old(now)
    held, claimed = KeptAnswer.objects.get_or_create(
        token=token, key=key, defaults={"fingerprint": print_, "made_at": now}
    )
    if held.fingerprint != print_:
        return problem(422, OTHER, code="key_reused")
    if claimed or _taken_over(held):
        return _kept(held, answer)
    if held.status is None:
        return problem(409, UNDER_WAY, code="under_way", headers={"Retry-After": "1"})
    return HttpResponse(
        held.content,
        status=held.status,
        content_type="application/json; charset=utf-8",
        headers={"Idempotent-Replayed": "true"},
    )


def _taken_over(held: KeptAnswer) -> bool:
    """Claim a key whose process seems to have died; of several that try, one succeeds."""
    now = timezone.now()
    if held.status is not None or held.made_at > now - PATIENCE:
        return False
    mine = KeptAnswer.objects.filter(pk=held.pk, status=None, made_at=held.made_at)
    return bool(mine.update(made_at=now))


def _kept(held: KeptAnswer, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    mine = KeptAnswer.objects.filter(pk=held.pk)
    try:
        made = answer()
    except BaseException:
        mine.delete()
        raise
    if not isinstance(made, HttpResponse) or made.status_code >= 500 or made.status_code in PASSING:
        mine.delete()
    else:
        mine.update(status=made.status_code, content=made.content.decode())
    return made
