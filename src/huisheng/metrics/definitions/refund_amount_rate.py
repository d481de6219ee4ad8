"""退款率（金额）: of the money that orders of the window paid, what went back (domain §1.4)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window: fen refunded over fen paid."""
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    joined = paid.left_join(facts.relation("order_refunds"), ["shop_id", "order_no"])
    reason = ibis.ifelse(joined.pay_amount_fen.isnull(), "no_amount", ibis.null("string"))
    inside = reason.isnull().cast("int64")
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=inside * joined.refunded_fen.fill_null(0),
        denominator=inside * joined.pay_amount_fen.fill_null(0),
        reason=reason,
    )


_PAID = "2026-08-03 10:00:00"


def _order(order_no: str, amount: float | None, paid: str = _PAID) -> dict[str, str | float | None]:
    return {"order_no": order_no, "paid_at": paid, "pay_amount": amount}


def _refund(refund_no: str, order_no: str, amount: float, status: str) -> dict[str, str | float]:
    return {
        "refund_no": refund_no,
        "order_no": order_no,
        "refund_amount": amount,
        "status": status,
        "finish_at": "2026-10-01 10:00:00",
    }


METRIC = Metric(
    label="退款率（金额）",
    question="这段时间付的钱，后来退掉了几成？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("orders", "refunds"),
    reasons={"no_amount": "没有实付金额"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "domain §1.4",
            cases,
            assumption="按付款日取订单，退款不论何时成功；分子分母以分计",
        ),
    ),
    proofs=(
        Proof(
            name="two refunds of an order add up, its payment counts once; closed ones pay nothing",
            rows={
                "orders": (
                    _order("a", 100),
                    _order("b", 99.99),
                    _order("c", None),
                    _order("d", 50, "2026-08-31 00:00:00"),
                ),
                "refunds": (
                    _refund("1", "a", 10.5, "success"),
                    _refund("2", "a", 20, "success"),
                    _refund("3", "b", 99.99, "closed"),
                    _refund("4", "c", 7, "success"),
                    _refund("5", "d", 50, "success"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3050,
                denominator=19999,
                value=3050 / 19999,
                excluded={"no_amount": 1},
                counted={"a": True, "b": False, "c": False},
            ),
        ),
        Proof(
            name="nothing paid, no rate",
            rows={"orders": (_order("free", 0),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
