"""退换货率: shipped orders that were to be returned or exchanged (S2:3, FM9, conventions 6)."""

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
    asked = joined.has_return.fill_null(False) | joined.has_exchange.fill_null(False)
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=(shipped & asked).cast("int64"),
        denominator=shipped.cast("int64"),
        reason=ibis.ifelse(shipped, ibis.null("string"), "not_shipped"),
        has_return=joined.has_return.fill_null(False),
        has_exchange=joined.has_exchange.fill_null(False),
        outcome_at=ibis.least(
            joined.return_at.coalesce(joined.exchange_at),
            joined.exchange_at.coalesce(joined.return_at),
        ),
    )


_PAID = "2026-08-03 10:00:00"


def _order(number: int, **cells: str) -> dict[str, str]:
    return {"order_no": f"o{number}", "paid_at": _PAID, "shipped_at": _PAID, **cells}


def _refund(refund_no: str, order: int, kind: str, **cells: str) -> dict[str, str]:
    return {"refund_no": refund_no, "order_no": f"o{order}", "type": kind, **cells}


METRIC = Metric(
    label="退换货率",
    question="发出去的订单，有多少要退货或换货？",
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
            "S2:3；FM9",
            cases,
            assumption="来源只有名称：按付款日取已发货订单，售后申请不论状态、不论何时",
        ),
    ),
    proofs=(
        Proof(
            name="FM9: returns and exchanges of any status, each order once, unshipped ones out",
            rows={
                "orders": (
                    *(_order(n) for n in range(8)),
                    {"order_no": "o8", "paid_at": _PAID},
                    {"order_no": "o9", "paid_at": _PAID},
                    _order(10, paid_at="2026-08-31 00:00:00"),
                ),
                "shipments": (
                    {"tracking_no": "t1", "order_no": "o9", "shipped_at": _PAID},
                    {"tracking_no": "t2", "order_no": "o9", "shipped_at": _PAID},
                ),
                "refunds": (
                    _refund("1", 0, "return_refund", status="closed"),
                    _refund("2", 0, "return_refund", status="success"),
                    _refund("3", 1, "exchange"),
                    _refund("4", 2, "refund_only"),
                    _refund("5", 3, "repair"),
                    _refund("6", 8, "return_refund"),
                    _refund("7", 9, "exchange", applied_at="2027-01-01 10:00:00"),
                    _refund("8", 10, "return_refund"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=9,
                value=1 / 3,
                excluded={"not_shipped": 1},
                counted={"o0": True, "o1": True, "o2": False, "o8": False, "o9": True},
            ),
        ),
        Proof(
            name="nothing shipped, no rate",
            rows={"orders": ({"order_no": "o", "paid_at": _PAID},)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
