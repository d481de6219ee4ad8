"""售后满意度: four and five stars among the ratings of finished after-sales (W25)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

SATISFIED_STARS = 4


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per after-sales rating received in the window."""
    ratings = facts.relation("rating_stars")
    ratings = ratings.filter((ratings.subject == "aftersale") & window.holds(ratings.rated_at))
    reason = ibis.cases(
        (ratings.stars.isnull(), "not_on_the_scale"),
        (ratings.is_cheating, "cheating"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return ratings.select(
        "shop_id",
        "order_no",
        "conv_id",
        "agent_id",
        case_id=ratings.rating_id,
        at=ratings.rated_at,
        numerator=inside * (ratings.stars >= SATISFIED_STARS).fill_null(False).cast("int64"),
        denominator=inside,
        reason=reason,
        stars=ratings.stars,
    )


def _rating(rating_id: str, level: str, **cells: str | bool) -> dict[str, str | bool]:
    return {
        "rating_id": rating_id,
        "level": level,
        "subject": "aftersale",
        "rated_at": "2026-08-15 12:00:00",
        **cells,
    }


METRIC = Metric(
    label="售后满意度",
    question="售后办完以后，买家的评价里四星、五星占多少？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("session_ratings",),
    reasons={"not_on_the_scale": "没有可用的等级或分数", "cheating": "平台判定为刷评"},
    versions=(Version("2022", "2022-07-01", "W25", cases, assumption="平台不考核此项"),),
    proofs=(
        Proof(
            name="four and five stars of after-sales ratings alone",
            rows={
                "session_ratings": (
                    _rating("1", "很满意"),
                    _rating("2", "4星"),
                    _rating("3", "一般"),
                    _rating("4", "很不满意"),
                    _rating("5", "??"),
                    _rating("6", "满意", is_cheating=True),
                    _rating("7", "满意", subject="chat"),
                    _rating("8", "满意", rated_at="2026-08-31 00:00:00"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=4,
                value=0.5,
                excluded={"cheating": 1, "not_on_the_scale": 1},
                counted={"1": True, "5": False},
            ),
        ),
        Proof(
            name="chat ratings alone are no after-sales rating",
            rows={"session_ratings": (_rating("7", "满意", subject="chat"),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
