"""Change a row that somebody may have changed meanwhile: the second editor is told."""

from typing import TypeVar

from django.db import models
from django.http import HttpRequest

Row = TypeVar("Row", bound=models.Model)

_LONGEST = 10
OVERTAKEN = "别人刚刚改过这一项，没有覆盖。请看最新内容后再改。"


class OvertakenError(Exception):
    """Somebody else changed the row after the page was shown."""


def change(kind: type[Row], key: dict[str, object], seen: int, values: dict[str, object]) -> None:
    """Change the row that `key` names and a page showed as version `seen`; 0 for a new one.

    One statement decides, on every database alike. Called inside a transaction.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    rows = kind._default_manager
    if not seen:
        _, made = rows.get_or_create(**key, defaults=values)
        if not made:
            raise OvertakenError
    elif not rows.filter(**key, version=seen).update(**values, version=seen + 1):
        raise OvertakenError


def seen_version(request: HttpRequest) -> int:
    """Return the version that the page showed; one that fits nothing where it names none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST else -1
