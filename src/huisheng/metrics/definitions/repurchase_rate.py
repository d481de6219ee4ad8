"""复购率: buyers of the window who paid on two different days of it (S4:46, G7)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window, local_day


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer who paid in the window; orders of nobody known are out."""
    orders = facts.relation("paid_orders")
    orders = orders.filter(window.holds(orders.paid_at))
    key = orders.customer_key.nullif("")
    orders = orders.mutate(
        customer=key.coalesce(orders.order_no),
        known=key.notnull().cast("int64"),
        day=local_day(orders.paid_at, facts.offset_us),
    )
    people = orders.group_by("shop_id", "customer", "known").aggregate(
        at=orders.paid_at.min(),
        first_day=orders.day.min(),
        last_day=orders.day.max(),
        order_count=orders.count(),
    )
    again = (people.last_day > people.first_day).cast("int64")
    return people.select(
        "shop_id",
        case_id=people.customer,
        at=people["at"],
        numerator=people.known * again,
        denominator=people.known,
        reason=ibis.ifelse(people.known > 0, ibis.null("string"), "customer_unknown"),
        order_count=people.order_count,
    )


def _order(order_no: str, customer: str | None, paid: str) -> dict[str, str | None]:
    return {"order_no": order_no, "customer_key": customer, "paid_at": f"2026-08-{paid}"}


METRIC = Metric(
    label="复购率",
    question="这段时间买过的顾客，有多少改天又来买？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("orders",),
    reasons={"customer_unknown": "不知道是哪位顾客的订单"},
    versions=(Version("2024", "2024-01-01", "S4:46；G7", cases),),
    proofs=(
        Proof(
            name="two days, not two orders; a payment outside the window is none",
            rows={
                "orders": (
                    _order("1", "a", "01 10:00:00"),
                    _order("2", "a", "01 23:59:59"),
                    _order("3", "b", "01 23:59:59"),
                    _order("4", "b", "02 00:00:00"),
                    _order("5", "c", "30 10:00:00"),
                    _order("6", "c", "31 00:00:00"),
                    _order("7", None, "02 10:00:00"),
                    _order("8", "", "03 10:00:00"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1,
                denominator=3,
                value=1 / 3,
                excluded={"customer_unknown": 2},
                counted={"a": True, "b": True, "7": False},
            ),
        ),
        Proof(
            name="nobody known, no rate",
            rows={"orders": (_order("7", None, "02 10:00:00"),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
