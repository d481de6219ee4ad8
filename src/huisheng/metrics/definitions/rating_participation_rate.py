"""参评率: invitations to rate that were answered while they were valid (W24)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per invitation sent in the window, and one per uninvited rating."""
    ratings = facts.table("session_ratings")
    invited = ratings.invited_at.notnull()
    at = ratings.invited_at.coalesce(ratings.rated_at)
    ratings = ratings.mutate(at=at, invited=invited)
    ratings = ratings.filter(window.holds(ratings["at"]))
    expired = (ratings.rated_at > ratings.valid_until).fill_null(False)
    answered = ratings.rated_at.notnull() & ~expired
    return ratings.select(
        "shop_id",
        "conv_id",
        "order_no",
        "agent_id",
        case_id=ratings.rating_id,
        at=ratings["at"],
        numerator=(ratings.invited & answered).cast("int64"),
        denominator=ratings.invited.cast("int64"),
        reason=ibis.cases(
            (~ratings.invited, "not_invited"),
            (expired, "expired"),
            else_=ibis.null("string"),
        ),
        invite_source=ratings.invite_source,
    )


_INVITED = "2026-08-15 12:00:00"


def _invitation(rating_id: str, rated: str | None, **cells: str) -> dict[str, str | None]:
    return {"rating_id": rating_id, "invited_at": _INVITED, "rated_at": rated, **cells}


METRIC = Metric(
    label="参评率",
    question="发出去的评价邀请，有多少买家真的评了？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("session_ratings",),
    reasons={"not_invited": "买家自己来评，没有邀请", "expired": "评价时邀请已过期"},
    versions=(Version("2024", "2024-01-01", "W24", cases, assumption="按邀请时间归期"),),
    proofs=(
        Proof(
            name="answered in time, by the second; the uninvited are beside it",
            rows={
                "session_ratings": (
                    _invitation("1", "2026-09-15 12:00:00"),
                    _invitation("2", None),
                    _invitation("3", "2026-08-16 12:00:00", valid_until="2026-08-16 12:00:00"),
                    _invitation("4", "2026-08-16 12:00:01", valid_until="2026-08-16 12:00:00"),
                    {"rating_id": "5", "rated_at": _INVITED},
                    {"rating_id": "6", "invited_at": "2026-08-31 00:00:00"},
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=4,
                value=0.5,
                excluded={"expired": 1, "not_invited": 1},
                counted={"1": True, "5": False},
            ),
        ),
        Proof(
            name="no invitation, no rate",
            rows={"session_ratings": ({"rating_id": "5", "rated_at": _INVITED},)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
