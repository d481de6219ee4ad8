"""A mean of one of the three scores, 1–5, that buyers give with a review (S1:93–99)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import CaseBuilder, Facts
from huisheng.metrics.window import Window

_AT = "2026-08-15 12:00:00"


def review_score(label: str, question: str, column: str) -> Metric:
    """Return the metric of one score column of the reviews."""

    def review(review_no: str, score: int | None, at: str = _AT) -> dict[str, str | int | None]:
        return {"review_no": review_no, column: score, "created_at": at}

    return Metric(
        label=label,
        question=question,
        unit=Unit.SCORE,
        better=Better.HIGHER,
        rollup=Rollup.MEAN,
        inputs=("reviews",),
        reasons={"no_score": "没有打这一项分", "off_the_scale": "分数不在 1–5 之间"},
        versions=(
            Version(
                "2022",
                "2022-07-01",
                "S1:93–99",
                _cases(column),
                assumption="平台按近 180 天滚动；这里按所选日期，逐条评价平均",
            ),
        ),
        proofs=(
            Proof(
                name="the mean of what was scored, by the time of the review",
                rows={
                    "reviews": (
                        review("1", 5),
                        review("2", 4, "2026-08-01 00:00:00"),
                        review("3", 1, "2026-08-30 23:59:59"),
                        review("4", None),
                        review("5", 0),
                        review("6", 6),
                        review("7", 5, "2026-08-31 00:00:00"),
                    )
                },
                window=("2026-08-01", "2026-08-30"),
                expect=Expected(
                    numerator=10,
                    denominator=3,
                    value=10 / 3,
                    excluded={"no_score": 1, "off_the_scale": 2},
                    counted={"1": True, "4": False, "5": False},
                ),
            ),
            Proof(
                name="no score is no data, not 0",
                rows={"reviews": (review("4", None),)},
                window=("2026-08-01", "2026-08-30"),
                expect=Expected(denominator=0, no_value=True),
            ),
        ),
    )


def _cases(column: str) -> CaseBuilder:
    def cases(facts: Facts, window: Window) -> ibis.Table:
        """Return one case per review written in the window."""
        reviews = facts.table("reviews")
        reviews = reviews.filter(window.holds(reviews.created_at))
        score = reviews[column]
        reason = ibis.cases(
            (score.isnull(), "no_score"),
            (~score.between(1, 5), "off_the_scale"),
            else_=ibis.null("string"),
        )
        inside = reason.isnull().cast("int64")
        return reviews.select(
            "shop_id",
            "order_no",
            "product_id",
            case_id=reviews.review_no,
            at=reviews.created_at,
            numerator=inside * score.fill_null(0),
            denominator=inside,
            reason=reason,
            score=score,
        )

    return cases
