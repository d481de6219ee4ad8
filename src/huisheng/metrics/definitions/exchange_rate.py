"""换货率: shipped orders of which something was to be exchanged (S2:3, conventions 6)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window; the request may come at any time after."""
    paid = facts.relation("deliveries")
    paid = paid.filter(window.holds(paid.paid_at))
    joined = paid.left_join(facts.relation("order_refunds"), ["shop_id", "order_no"])
    shipped = joined.shipped_at.notnull()
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=(shipped & joined.has_exchange.fill_null(False)).cast("int64"),
        denominator=shipped.cast("int64"),
        reason=ibis.ifelse(shipped, ibis.null("string"), "not_shipped"),
        outcome_at=joined.exchange_at,
    )


_PAID = "2026-08-03 10:00:00"

METRIC = Metric(
    label="换货率",
    question="发出去的订单，有多少要换货？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("orders", "refunds", "shipments"),
    reasons={"not_shipped": "还没有发货"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S2:3",
            cases,
            assumption="来源只有名称：按付款日取已发货订单，换货申请不论状态、不论何时",
        ),
    ),
    proofs=(
        Proof(
            name="two exchanges are one order, a return is none, an unshipped order is out",
            rows={
                "orders": (
                    *(
                        {"order_no": f"o{n}", "paid_at": _PAID, "shipped_at": _PAID}
                        for n in range(4)
                    ),
                    {"order_no": "o4", "paid_at": _PAID},
                    {"order_no": "o5", "paid_at": "2026-07-31 23:59:59", "shipped_at": _PAID},
                ),
                "refunds": tuple(
                    {"refund_no": f"{n}", "order_no": order_no, "type": kind, "status": "closed"}
                    for n, (order_no, kind) in enumerate(
                        (
                            ("o0", "exchange"),
                            ("o0", "exchange"),
                            ("o1", "return_refund"),
                            ("o4", "exchange"),
                            ("o5", "exchange"),
                        )
                    )
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1,
                denominator=4,
                value=0.25,
                excluded={"not_shipped": 1},
                counted={"o0": True, "o1": False, "o4": False},
            ),
        ),
    ),
)
