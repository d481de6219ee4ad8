"""What of the audit somebody asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from huisheng.app.web.audit.models import Act

DAYS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天", "365": "近一年", "all": "全部"}
USUAL_DAYS = "30"
LONGEST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to the audit; empty text asks for everything, `days` None for all time."""

    user: int | None
    act: str
    shop_id: str
    days: int | None
    words: str


def wanted_in(query: QueryDict) -> Wanted:
    """Read a question; what makes no sense asks for nothing in particular."""
    days = _one_of(query, "days", DAYS) or USUAL_DAYS
    user = query.get("user", "")[:9]
    return Wanted(
        user=int(user) if user.isascii() and user.isdigit() else None,
        act=_one_of(query, "act", {act.value: act.label for act in Act}),
        shop_id=query.get("shop", "")[:120],
        days=None if days == "all" else int(days),
        words=query.get("q", "").strip()[:LONGEST_WORDS],
    )


def _one_of(query: QueryDict, name: str, known: Mapping[str, str]) -> str:
    given = query.get(name, "")
    return given if given in known else ""
