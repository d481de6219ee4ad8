"""满意率: satisfied service ratings on any platform's scale (domain §1.5, E17)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

SATISFIED_STARS = 4


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per rating of human or robot service received in the window."""
    ratings = facts.relation("rating_stars")
    ratings = ratings.filter(window.holds(ratings.rated_at))
    reason = ibis.cases(
        (ratings.subject == "aftersale", "aftersale_rating"),
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
        level=ratings.level,
        reception_type=ibis.ifelse(ratings.subject == "robot", "robot", "human"),
    )


def _rating(rating_id: str, **cells: str | int | bool) -> dict[str, str | int | bool]:
    return {"rating_id": rating_id, "rated_at": "2026-08-15 12:00:00", **cells}


METRIC = Metric(
    label="满意率",
    question="各平台的服务评价放在一把尺上，满意的占多少？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=0.95,
    inputs=("session_ratings",),
    reasons={
        "aftersale_rating": "售后满意度评价，另计",
        "not_on_the_scale": "没有可用的等级或分数",
        "cheating": "平台判定为刷评",
    },
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S4:76；G1–G3、G26",
            cases,
            assumption="五级取满意以上，好中差取好评，星级取 4 星以上；95% 是小家电行业线",
        ),
    ),
    proofs=(
        Proof(
            name="five levels, good-mid-bad and stars; what is on no scale is out",
            rows={
                "session_ratings": (
                    _rating("1", level="很满意"),
                    _rating("2", level="满意"),
                    _rating("3", level="一般"),
                    _rating("4", level="好评"),
                    _rating("5", level="中评"),
                    _rating("6", score=4),
                    _rating("7", score=3, subject="robot"),
                    _rating("8", score=0),
                    _rating("9", level="满意", subject="aftersale"),
                    _rating("10", level="满意", is_cheating=True),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=4,
                denominator=7,
                value=4 / 7,
                excluded={"aftersale_rating": 1, "cheating": 1, "not_on_the_scale": 1},
                counted={"6": True, "8": False, "9": False},
            ),
        ),
        Proof(
            name="an invitation without an answer is no data",
            rows={"session_ratings": ({"rating_id": "1", "invited_at": "2026-08-15 12:00:00"},)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
