"""Where a person is signed in, which tokens speak for them, and the end of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huisheng.app.web.accounts.models import User

_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "安卓"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg/", "Edge"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """One session; `since` is None and the texts are empty where nothing was kept of its start."""

    key: str
    device: str
    address: str
    since: datetime | None
    until: datetime


def remember(request: HttpRequest) -> None:
    """Keep with a new session whence and when it came."""
    request.session["device"] = _device(request.headers.get("User-Agent", ""))
    request.session["address"] = request.META.get("REMOTE_ADDR", "")[:64]
    request.session["since"] = timezone.now().isoformat()


def visits_of(user: User) -> list[Visit]:
    """Return a person's open sessions, the latest first."""
    found = [
        Visit(
            session.session_key,
            str(kept.get("device", "")),
            str(kept.get("address", "")),
            parse_datetime(str(kept.get("since", ""))),
            session.expire_date,
        )
        for session, kept in _sessions_of(user)
    ]
    return sorted(found, key=lambda visit: visit.until, reverse=True)


def end_visits(user: User, besides: str | None = None) -> int:
    """End a person's sessions, all but one where it is named; return how many ended."""
    keys = [session.session_key for session, _ in _sessions_of(user)]
    ended, _ = Session.objects.filter(pk__in=[key for key in keys if key != besides]).delete()
    return ended


def working_tokens(user: User) -> int:
    """Return how many of a person's tokens are neither revoked nor expired."""
    return user.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count()


def close_tokens(user: User) -> None:
    """Revoke a person's tokens for good, whatever they may do later."""
    user.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def _sessions_of(user: User) -> Iterator[tuple[Session, dict[str, object]]]:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        kept = session.get_decoded()
        if kept.get(SESSION_KEY) == str(user.pk):
            yield session, kept


def _device(agent: str) -> str:
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    return " · ".join(part for part in (system, browser) if part) or "别的程序"
