"""下单付款成功率: of the customers who placed an order, those who paid for one (W57)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer with an order created in the window; payment at any time."""
    orders = facts.table("orders")
    orders = orders.filter(window.holds(orders.created_at))
    key = orders.customer_key.nullif("")
    orders = orders.mutate(
        customer=key.coalesce(orders.order_no), unknown=key.isnull().cast("int64")
    )
    people = orders.group_by("shop_id", "customer").aggregate(
        at=orders.created_at.min(),
        paid=orders.paid_at.notnull().cast("int64").max(),
        unknown=orders.unknown.max(),
        order_count=orders.count(),
    )
    return people.select(
        "shop_id",
        case_id=people.customer,
        at=people["at"],
        numerator=people.paid,
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        partial=people.unknown,
        order_count=people.order_count,
    )


def _order(order_no: str, customer: str | None, paid: str | None = None) -> dict[str, str | None]:
    return {
        "order_no": order_no,
        "customer_key": customer,
        "created_at": "2026-08-15 12:00:00",
        "paid_at": paid,
    }


METRIC = Metric(
    label="下单付款成功率",
    question="下了单的顾客，有多少付了款？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("orders",),
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W57",
            cases,
            assumption="按下单时间取顾客，付款不论何时；没有顾客标识的订单，一单算一位",
        ),
    ),
    proofs=(
        Proof(
            name="customers, not orders: one of two orders paid is paid; a later payment counts",
            rows={
                "orders": (
                    _order("1", "a"),
                    _order("2", "a", "2026-08-15 12:01:00"),
                    _order("3", "b", "2026-09-15 12:00:00"),
                    _order("4", "c"),
                    {"order_no": "5", "customer_key": "d", "created_at": "2026-08-31 00:00:00"},
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2, denominator=3, value=2 / 3, quality="low_sample", excluded={}
            ),
        ),
        Proof(
            name="customers unknown: orders stand for them, and the input is partial",
            rows={"orders": (_order("1", None), _order("2", "", "2026-08-15 12:01:00"))},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=1, denominator=2, quality="partial_input"),
        ),
    ),
)
