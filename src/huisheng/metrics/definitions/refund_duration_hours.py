"""退款时长: from application to finish of every refund, whoever took the time (W7)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

TYPES = ("refund_only", "return_refund")


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per refund that finished, by success or by closing, in the window."""
    refunds = facts.relation("refund_cases")
    refunds = refunds.filter(window.holds(refunds.finished_at))
    reason = ibis.cases(
        (~refunds.type.isin(TYPES).fill_null(False), "type_not_refund"),
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
        type=refunds.type,
    )


def _refund(refund_no: str, applied: str | None, kind: str) -> dict[str, str | None]:
    return {
        "refund_no": refund_no,
        "type": kind,
        "applied_at": applied,
        "success_at": "2026-08-11 00:00:00",
    }


METRIC = Metric(
    label="退款时长",
    question="买家从申请退款到完结，一共等了多少小时？",
    unit=Unit.HOURS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("refunds",),
    reasons={
        "type_not_refund": "换货、维修、补寄不是退款",
        "no_applied_at": "没有申请时间",
        "finished_before_applied": "完结早于申请",
    },
    versions=(Version("2024", "2024-01-01", "W7", cases, assumption="含等待买家退货的时间"),),
    proofs=(
        Proof(
            name="both kinds of refund on the plain clock; success stands for the finish",
            rows={
                "refunds": (
                    _refund("a", "2026-08-10 12:00:00", "refund_only"),
                    _refund("b", "2026-08-08 00:00:00", "return_refund"),
                    _refund("c", "2026-08-08 00:00:00", "exchange"),
                    _refund("d", None, "refund_only"),
                    _refund("e", "2026-08-11 00:00:01", "refund_only"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=84,
                denominator=2,
                value=42,
                excluded={"finished_before_applied": 1, "no_applied_at": 1, "type_not_refund": 1},
                counted={"b": True, "c": False},
            ),
        ),
    ),
)
