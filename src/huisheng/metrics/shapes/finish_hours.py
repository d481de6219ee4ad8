"""Hours from application to finish of refunds of one kind, without the platform (W50)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import CaseBuilder, Facts
from huisheng.metrics.window import Window


def finish_hours(label: str, question: str, refund_type: str) -> Metric:
    """Return the metric of one type of refund."""
    other = "refund_only" if refund_type == "return_refund" else "return_refund"

    def refund(
        refund_no: str, finish: str, **cells: str | bool | None
    ) -> dict[str, str | bool | None]:
        return {
            "refund_no": refund_no,
            "type": refund_type,
            "status": "success",
            "applied_at": "2026-08-10 00:00:00",
            "finish_at": finish,
            **cells,
        }

    return Metric(
        label=label,
        question=question,
        unit=Unit.HOURS,
        better=Better.LOWER,
        rollup=Rollup.MEAN,
        inputs=("refunds",),
        reasons={
            "platform_intervened": "小二介入",
            "no_applied_at": "没有申请时间",
            "finished_before_applied": "完结早于申请",
        },
        versions=(Version("2021", "2021-01-01", "W50；G28", _cases(refund_type)),),
        proofs=(
            Proof(
                name="finish less application, success or closed, the platform's own left out",
                rows={
                    "refunds": (
                        refund("a", "2026-08-10 05:00:00"),
                        refund("b", "2026-08-11 01:00:00", status="closed"),
                        refund("c", "2026-08-30 23:59:59", applied_at="2026-08-30 22:59:59"),
                        refund("d", "2026-08-31 00:00:00"),
                        refund("e", "2026-08-11 00:00:00", platform_intervened=True),
                        refund("f", "2026-08-11 00:00:00", finished_by="platform"),
                        refund("g", "2026-08-11 00:00:00", applied_at=None),
                        refund("h", "2026-08-09 00:00:00"),
                        refund("i", "2026-08-11 00:00:00", type=other),
                    )
                },
                window=("2026-08-01", "2026-08-30"),
                expect=Expected(
                    numerator=5 + 25 + 1,
                    denominator=3,
                    value=31 / 3,
                    excluded={
                        "finished_before_applied": 1,
                        "no_applied_at": 1,
                        "platform_intervened": 2,
                    },
                    counted={"a": True, "e": False},
                ),
            ),
        ),
    )


def _cases(refund_type: str) -> CaseBuilder:
    def cases(facts: Facts, window: Window) -> ibis.Table:
        """Return one case per such refund that finished, by success or not, in the window."""
        refunds = facts.relation("refund_cases")
        refunds = refunds.filter((refunds.type == refund_type) & window.holds(refunds.finished_at))
        reason = ibis.cases(
            (refunds.platform_intervened, "platform_intervened"),
            (refunds.applied_at.isnull(), "no_applied_at"),
            (refunds.finished_at < refunds.applied_at, "finished_before_applied"),
            else_=ibis.null("string"),
        )
        inside = reason.isnull().cast("int64")
        return refunds.select(
            "shop_id",
            "order_no",
            "product_id",
            "sku_id",
            "refund_reason",
            case_id=refunds.refund_no,
            at=refunds.finished_at,
            numerator=inside * (refunds.finished_at - refunds.applied_at).fill_null(0),
            denominator=inside,
            reason=reason,
        )

    return cases
