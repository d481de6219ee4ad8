"""商品好评率: good reviews among the reviews of the goods (G33)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

GOOD_STARS = 4


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per review written in the window: good by its grade, else by its stars."""
    reviews = facts.table("reviews")
    reviews = reviews.filter(window.holds(reviews.created_at))
    grade = reviews.type.isin(("good", "mid", "bad")).fill_null(False)
    stars = reviews.score_product
    good = ibis.ifelse(grade, reviews.type == "good", stars >= GOOD_STARS).fill_null(False)
    graded = grade | stars.between(1, 5).fill_null(False)
    return reviews.select(
        "shop_id",
        "order_no",
        "product_id",
        case_id=reviews.review_no,
        at=reviews.created_at,
        numerator=(graded & good).cast("int64"),
        denominator=graded.cast("int64"),
        reason=ibis.ifelse(graded, ibis.null("string"), "no_grade"),
        type=reviews.type,
        score=stars,
        is_default=reviews.is_default.fill_null(False),
    )


_AT = "2026-08-15 12:00:00"


def _review(review_no: str, **cells: str | int) -> dict[str, str | int]:
    return {"review_no": review_no, "created_at": _AT, **cells}


METRIC = Metric(
    label="商品好评率",
    question="商品评价里，好评占多少？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("reviews",),
    reasons={"no_grade": "既没有好中差评，也没有 1–5 分"},
    versions=(
        Version(
            "2025",
            "2025-06-01",
            "G33",
            cases,
            assumption="平台现行公式未公开：好评数 ÷ 评价数，默认评价计入；没有评级时 4–5 分为好评",
        ),
    ),
    proofs=(
        Proof(
            name="the grade decides, else four stars; mid is not good; no grade is out",
            rows={
                "reviews": (
                    _review("1", type="good", score_product=1),
                    _review("2", type="mid", score_product=5),
                    _review("3", type="bad"),
                    _review("4", score_product=4),
                    _review("5", score_product=3),
                    _review("6"),
                    _review("7", score_product=0),
                    _review("8", type="good", created_at="2026-08-31 00:00:00"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=5,
                value=0.4,
                excluded={"no_grade": 2},
                counted={"1": True, "6": False},
            ),
        ),
        Proof(
            name="nothing graded, no rate",
            rows={"reviews": (_review("6"),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
