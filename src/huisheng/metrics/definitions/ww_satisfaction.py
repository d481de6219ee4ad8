"""旺旺满意度: share of 很满意 and 满意 among the service ratings received (S1, FM1)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

SATISFIED = ("很满意", "满意")
SUBJECTS = ("chat", "robot")


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per rating received in the window, robot and human service alike."""
    ratings = facts.table("session_ratings")
    ratings = ratings.filter(window.holds(ratings.rated_at) & ratings.level.notnull())
    reason = ibis.cases(
        (~ratings.subject.fill_null("chat").isin(SUBJECTS), "aftersale_rating"),
        (ratings.is_cheating.fill_null(False), "cheating"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return ratings.select(
        "shop_id",
        "conv_id",
        "order_no",
        "agent_id",
        case_id=ratings.rating_id,
        at=ratings.rated_at,
        numerator=inside * ratings.level.isin(SATISFIED).cast("int64"),
        denominator=inside,
        reason=reason,
        level=ratings.level,
        subject=ratings.subject,
        reception_type=ibis.ifelse(ratings.subject == "robot", "robot", "human"),
    )


def _ratings(counts: dict[str, int], **extra: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "rating_id": f"{level}{number}{extra.get('subject', 'chat')}",
            "level": level,
            "subject": "robot" if number % 3 == 0 else "chat",
            "rated_at": "2026-08-15 12:00:00",
            **extra,
        }
        for level, count in counts.items()
        for number in range(count)
    )


FM1 = _ratings({"很满意": 40, "满意": 55, "一般": 3, "不满意": 2})

METRIC = Metric(
    label="旺旺满意度",
    question="买家给客服（含机器人）的评价里，满意的占多少？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=0.95,
    inputs=("session_ratings",),
    reasons={"aftersale_rating": "售后满意度评价，不属于旺旺满意度", "cheating": "平台判定为刷评"},
    versions=(Version("2022", "2022-07-01", "S1:112–116，W9", cases),),
    proofs=(
        Proof(
            name="FM1: 40 + 55 of 100, a rating before the window and an aftersale one are out",
            rows={
                "session_ratings": (
                    *FM1,
                    {"rating_id": "old", "level": "不满意", "rated_at": "2026-07-31 23:59:59"},
                    {
                        "rating_id": "after",
                        "level": "不满意",
                        "subject": "aftersale",
                        "rated_at": "2026-08-15 12:00:00",
                    },
                    {
                        "rating_id": "fake",
                        "level": "很满意",
                        "is_cheating": True,
                        "rated_at": "2026-08-15 12:00:00",
                    },
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=95,
                denominator=100,
                value=0.95,
                excluded={"aftersale_rating": 1, "cheating": 1},
                counted={"很满意0chat": True, "after": False, "fake": False},
            ),
        ),
        Proof(
            name="FM1: no rating is no data, not 0 and not 100 %",
            rows={
                "session_ratings": ({"rating_id": "asked", "invited_at": "2026-08-15 12:00:00"},)
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=0, denominator=0, no_value=True),
        ),
    ),
)
