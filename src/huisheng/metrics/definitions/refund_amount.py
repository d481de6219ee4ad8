"""退货退款金额: what was paid back, by the day the refund finished (S2:9, conventions 6)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per refund finished in the window."""
    refunds = facts.relation("refund_cases")
    refunds = refunds.filter(window.holds(refunds.finish_at))
    reason = ibis.cases(
        ((refunds.status != "success").fill_null(True), "not_successful"),
        (refunds.refund_amount_fen.isnull(), "no_amount"),
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
        at=refunds.finish_at,
        numerator=inside * refunds.refund_amount_fen.fill_null(0),
        denominator=inside,
        reason=reason,
        type=refunds.type,
        status=refunds.status,
    )


def _refund(refund_no: str, **cells: str | float) -> dict[str, str | float]:
    return {
        "refund_no": refund_no,
        "order_no": "o",
        "status": "success",
        "finish_at": "2026-08-15 10:00:00",
        **cells,
    }


METRIC = Metric(
    label="退货退款金额",
    question="这段时间一共退出去多少钱？",
    unit=Unit.YUAN,
    better=Better.LOWER,
    rollup=Rollup.SUM,
    min_sample=1,
    inputs=("refunds",),
    reasons={"not_successful": "退款没有成功", "no_amount": "没有实退金额"},
    versions=(Version("2024", "2024-01-01", "S2:9", cases),),
    proofs=(
        Proof(
            name="successful refunds by finish time, to the fen",
            rows={
                "refunds": (
                    _refund("1", refund_amount=0.1),
                    _refund("2", refund_amount=0.2, finish_at="2026-08-01 00:00:00"),
                    _refund("3", refund_amount=99.99, finish_at="2026-08-30 23:59:59"),
                    _refund("4", refund_amount=5, status="closed"),
                    _refund("5"),
                    _refund("6", refund_amount=7, finish_at="2026-08-31 00:00:00"),
                    _refund("7", refund_amount=7, finish_at="2026-07-31 23:59:59"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=100.29,
                denominator=3,
                value=100.29,
                quality="ok",
                excluded={"no_amount": 1, "not_successful": 1},
                counted={"1": True, "4": False, "5": False},
            ),
        ),
        Proof(
            name="nothing finished is no amount, not 0",
            rows={"refunds": (_refund("4", refund_amount=5, status="closed"),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
