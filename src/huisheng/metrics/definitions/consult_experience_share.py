"""旺旺满意度对咨询体验分的贡献: the 30 % of the consultation score that is known (S1:106, FM4)."""

import ibis

from huisheng.metrics.assumption import Assumption
from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

SATISFIED = ("很满意", "满意")
SUBJECTS = ("chat", "robot")
WEIGHT = Assumption(
    "ww_satisfaction_weight",
    "旺旺满意度在咨询体验分里的权重",
    default=30,
    least=0,
    most=100,
    unit="%",
    source="S1:106 写 30%；其余 70% 的构成来源没有，别的年份可能不同",
)
WHOLE, HUNDRED = 10, 100
"""旺旺满意度 weighs 3 of 10 by default; what the other 7 are made of is in no source."""


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per rating received in the window: 3 for a satisfied one, out of 10.

    Another weight than whole tenths counts out of 100, so that all stays in whole numbers.
    """
    per_cent = facts.assumed(WEIGHT)
    whole = WHOLE if per_cent % (HUNDRED // WHOLE) == 0 else HUNDRED
    weight = per_cent * whole // HUNDRED
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
        numerator=inside * ratings.level.isin(SATISFIED).cast("int64") * weight,
        denominator=inside * whole,
        reason=reason,
        level=ratings.level,
    )


def _ratings(*levels: tuple[str, int]) -> tuple[dict[str, str], ...]:
    return tuple(
        {"rating_id": f"{level}{n}", "level": level, "rated_at": "2026-08-15 12:00:00"}
        for level, count in levels
        for n in range(count)
    )


METRIC = Metric(
    label="旺旺满意度的贡献（咨询体验分）",
    question="咨询体验分里，旺旺满意度这 30% 挣到了多少？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    min_sample=30 * WHOLE,
    case_denominator=WHOLE,
    assumptions=(WEIGHT,),
    inputs=("session_ratings",),
    reasons={"aftersale_rating": "售后满意度评价，不属于旺旺满意度", "cheating": "平台判定为刷评"},
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S1:106；FM4",
            cases,
            assumption="这不是咨询体验分：权重 30% 之外的构成来源没有，最高只到这个权重",
        ),
    ),
    proofs=(
        Proof(
            name="FM4: 95 % satisfied contribute 0.285 of at most 0.30",
            rows={
                "session_ratings": _ratings(
                    ("很满意", 40), ("满意", 55), ("一般", 3), ("不满意", 2)
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=285, denominator=1000, value=0.285, quality="ok"),
        ),
        Proof(
            name="after-sales and fake ratings contribute nothing either way",
            rows={
                "session_ratings": (
                    *_ratings(("很满意", 1)),
                    {**_ratings(("不满意", 1))[0], "subject": "aftersale"},
                    {**_ratings(("满意", 1))[0], "is_cheating": True},
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(value=0.3, excluded={"aftersale_rating": 1, "cheating": 1}),
        ),
    ),
)
