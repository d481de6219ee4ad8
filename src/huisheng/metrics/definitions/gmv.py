"""成交额: what the orders paid in the window were paid with (S1:165)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window, later refunds not taken off."""
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    inside = paid.pay_amount_fen.notnull().cast("int64")
    return paid.select(
        "shop_id",
        "order_no",
        case_id=paid.order_no,
        at=paid.paid_at,
        numerator=paid.pay_amount_fen.fill_null(0),
        denominator=inside,
        reason=ibis.ifelse(inside > 0, ibis.null("string"), "no_amount"),
    )


def _order(order_no: str, amount: float | None, paid: str | None) -> dict[str, str | float | None]:
    return {
        "order_no": order_no,
        "pay_amount": amount,
        "paid_at": paid,
        "created_at": "2026-08-01 00:00:00",
    }


METRIC = Metric(
    label="成交额（GMV）",
    question="这段时间一共付了多少钱？（与体验指标并排看）",
    unit=Unit.YUAN,
    better=Better.HIGHER,
    rollup=Rollup.SUM,
    min_sample=1,
    inputs=("orders",),
    reasons={"no_amount": "没有实付金额"},
    versions=(Version("2022", "2022-07-01", "S1:165；L15", cases, assumption="退款不扣减"),),
    proofs=(
        Proof(
            name="paid orders to the fen, later closed ones included, parcels multiply nothing",
            rows={
                "orders": (
                    _order("1", 0.1, "2026-08-01 00:00:00"),
                    {**_order("2", 0.2, "2026-08-30 23:59:59"), "closed_at": "2026-08-31 10:00:00"},
                    _order("3", 100, "2026-08-31 00:00:00"),
                    _order("4", 100, None),
                    _order("5", None, "2026-08-02 00:00:00"),
                ),
                "shipments": (
                    {"tracking_no": "a", "order_no": "1"},
                    {"tracking_no": "b", "order_no": "1"},
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=0.3,
                denominator=2,
                value=0.3,
                quality="ok",
                excluded={"no_amount": 1},
                counted={"1": True, "5": False},
            ),
        ),
        Proof(
            name="nothing paid is no data",
            rows={"orders": (_order("4", 100, None),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
