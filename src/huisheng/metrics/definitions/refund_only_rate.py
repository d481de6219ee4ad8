"""仅退款率: paid orders with a refund that needs no return, shipped or not (conventions 6)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window."""
    paid = facts.relation("deliveries")
    paid = paid.filter(window.holds(paid.paid_at))
    joined = paid.left_join(facts.relation("order_refunds"), ["shop_id", "order_no"])
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=joined.has_refund_only.fill_null(False).cast("int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        shipped=joined.shipped_at.notnull(),
        outcome_at=joined.refund_only_at,
    )


_PAID = "2026-08-03 10:00:00"

METRIC = Metric(
    label="仅退款率",
    question="付款订单里，有多少申请了不退货的退款？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("orders", "refunds"),
    versions=(Version("2024", "2024-01-01", "domain §1.4", cases),),
    proofs=(
        Proof(
            name="any stage and status, two of one order once, a return is none",
            rows={
                "orders": (
                    *({"order_no": f"o{n}", "paid_at": _PAID} for n in range(5)),
                    {"order_no": "unpaid", "created_at": _PAID},
                ),
                "refunds": tuple(
                    {"refund_no": f"{n}", "order_no": order_no, "type": kind, "stage": stage}
                    for n, (order_no, kind, stage) in enumerate(
                        (
                            ("o0", "refund_only", "售中"),
                            ("o0", "refund_only", "售后"),
                            ("o1", "refund_only", "售后"),
                            ("o2", "return_refund", "售后"),
                            ("unpaid", "refund_only", "售中"),
                        )
                    )
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2, denominator=5, value=0.4, counted={"o0": True, "o2": False}
            ),
        ),
        Proof(
            name="no paid order, no rate",
            rows={"orders": ({"order_no": "unpaid", "created_at": _PAID},)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
