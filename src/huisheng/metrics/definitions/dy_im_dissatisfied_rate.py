"""飞鸽会话不满意率: human-served conversations rated with one to three stars (G6)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

DISSATISFIED_STARS = 3


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation by its last human rating, and one per robot rating.

    A rating that names no conversation stands for one.
    """
    ratings = facts.relation("rating_stars")
    ratings = ratings.filter((ratings.subject != "aftersale") & window.holds(ratings.rated_at))
    ratings = ratings.mutate(
        talk=ratings.conv_id.nullif("").coalesce(ratings.rating_id),
        human=(ratings.subject == "chat") & ratings.stars.notnull(),
    )
    latest = ibis.window(
        group_by=[ratings.shop_id, ratings.talk, ratings.human],
        order_by=[ratings.rated_at.desc(), ratings.rating_id.desc()],
    )
    placed = ratings.mutate(place=ibis.row_number().over(latest))
    last = placed.filter(placed.place == 0)
    reason = ibis.cases(
        (last.subject == "robot", "robot_rating"),
        (last.stars.isnull(), "not_on_the_scale"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return last.select(
        "shop_id",
        "order_no",
        "conv_id",
        "agent_id",
        case_id=last.talk,
        at=last.rated_at,
        numerator=inside * (last.stars <= DISSATISFIED_STARS).fill_null(False).cast("int64"),
        denominator=inside,
        reason=reason,
        stars=last.stars,
        rating_id=last.rating_id,
    )


def _rating(
    rating_id: str, conv: str, score: int | None, **cells: str
) -> dict[str, str | int | None]:
    return {
        "rating_id": rating_id,
        "conv_id": conv,
        "score": score,
        "rated_at": "2026-08-15 12:00:00",
        **cells,
    }


METRIC = Metric(
    label="飞鸽会话不满意率",
    question="有人工评价的会话里，打 1–3 星的占多少？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    platforms=("douyin",),
    inputs=("session_ratings",),
    reasons={"robot_rating": "评价的是机器人", "not_on_the_scale": "没有可用的星级"},
    versions=(Version("2024", "2024-01-01", "G6", cases, assumption="一个会话多次评价取最后一次"),),
    proofs=(
        Proof(
            name="one to three stars of human service; the last rating of a conversation holds",
            rows={
                "session_ratings": (
                    _rating("1", "a", 1),
                    _rating("2", "a", 5, rated_at="2026-08-15 12:00:01"),
                    _rating("3", "b", 3),
                    _rating("4", "c", 4),
                    _rating("5", "d", 1, subject="robot"),
                    _rating("6", "e", None),
                    _rating("7", "", 2),
                    _rating("8", "", 2),
                    _rating("9", "f", 1, subject="aftersale"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=5,
                value=0.6,
                excluded={"not_on_the_scale": 1, "robot_rating": 1},
                counted={"a": True, "d": False, "7": True},
            ),
        ),
        Proof(
            name="robot ratings alone give no rate",
            rows={"session_ratings": (_rating("5", "d", 1, subject="robot"),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
