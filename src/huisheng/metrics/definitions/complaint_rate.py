"""投诉率: complaints launched per paid order (S2, W12)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per complaint launched and one per order paid in the window."""
    disputes = facts.table("disputes")
    complaints = disputes.filter(
        (disputes.kind == "complaint") & window.holds(disputes.launched_at)
    )
    by_merchant = (complaints.initiator == "merchant").fill_null(False)
    launched = complaints.select(
        "shop_id",
        "order_no",
        case_id=complaints.dispute_no,
        at=complaints.launched_at,
        numerator=(~by_merchant).cast("int64"),
        denominator=ibis.literal(0, "int64"),
        reason=ibis.ifelse(by_merchant, "merchant_launched", ibis.null("string")),
        withdrawn=complaints.withdrawn_at.notnull(),
    )
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    exposed = paid.select(
        "shop_id",
        "order_no",
        case_id=paid.order_no,
        at=paid.paid_at,
        numerator=ibis.literal(0, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        withdrawn=ibis.null("boolean"),
    )
    return launched.union(exposed)


_AT = "2026-08-15 12:00:00"


def _complaint(number: int, **cells: str) -> dict[str, str]:
    return {"dispute_no": f"d{number}", "kind": "complaint", "launched_at": _AT, **cells}


METRIC = Metric(
    label="投诉率",
    question="每百笔付款订单里，有几次投诉？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("disputes", "orders"),
    reasons={"merchant_launched": "商家发起的不计"},
    versions=(
        Version("2024", "2024-01-01", "S2；W12", cases, assumption="撤销的投诉仍计；按发起时间"),
    ),
    proofs=(
        Proof(
            name="launched counts, withdrawn or not; disputes and the merchant's own do not",
            rows={
                "orders": tuple({"order_no": f"o{n}", "paid_at": _AT} for n in range(50)),
                "disputes": (
                    _complaint(1, initiator="consumer"),
                    _complaint(2, withdrawn_at=_AT),
                    _complaint(3, initiator="merchant"),
                    _complaint(4, kind="dispute"),
                    _complaint(5, launched_at="2026-08-31 00:00:00"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=50,
                value=0.04,
                excluded={"merchant_launched": 1},
                counted={"d2": True, "d3": False, "o1": False},
            ),
        ),
    ),
)
