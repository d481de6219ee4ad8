"""售后咨询率: of the customers whose order arrived, those who came to ask about after-sales."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer with an order signed for, or an after-sale question, within."""
    orders = facts.relation("deliveries")
    orders = orders.filter(
        window.holds(orders.signed_at) & (orders.customer_key.fill_null("") != "")
    )
    arrived = orders.select(
        "shop_id", "customer_key", at=orders.signed_at, arrived=1, asked=0, conv_id=_NONE
    )
    both = arrived.union(_questions(facts, window))
    people = both.group_by("shop_id", "customer_key").aggregate(
        at=both["at"].min(),
        arrived=both.arrived.max(),
        asked=both.asked.max(),
        conv_id=both.conv_id.min(),
    )
    return people.select(
        "shop_id",
        "conv_id",
        case_id=people.customer_key,
        at=people["at"],
        numerator=(people.arrived * people.asked).cast("int64"),
        denominator=people.arrived.cast("int64"),
        reason=ibis.ifelse(people.arrived > 0, ibis.null("string"), "no_order_arrived"),
    )


_NONE = ibis.null("string")


def _questions(facts: Facts, window: Window) -> ibis.Table:
    sessions = facts.relation("session_customers")
    sessions = sessions.filter(window.holds(sessions.started_at) & (sessions.unknown_customer == 0))
    phases = facts.relation("session_phases")
    after = sessions.inner_join(phases.filter(phases.phase == "post"), ["shop_id", "conv_id"])
    return after.select(
        "shop_id",
        customer_key=after.customer,
        at=after.started_at,
        arrived=0,
        asked=1,
        conv_id=after.conv_id,
    )


def _order(order_no: str, customer: str | None) -> dict[str, str | None]:
    return {"order_no": order_no, "customer_key": customer, "paid_at": "2026-07-20 10:00:00"}


def _parcel(order_no: str, signed: str) -> dict[str, str]:
    return {
        "tracking_no": f"t{order_no}",
        "order_no": order_no,
        "direction": "out",
        "signed_at": signed,
    }


METRIC = Metric(
    label="售后咨询率",
    question="收到货的顾客里，有多少回来问售后？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("orders", "shipments", "conversations", "labels"),
    labels={"scene": ()},
    reasons={"no_order_arrived": "这段时间没有签收的订单"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "domain §1.4",
            cases,
            assumption="只算这段时间有订单签收的顾客；不知道是谁的会话与订单不计",
        ),
    ),
    proofs=(
        Proof(
            name="customers once, whatever they bought or asked; only those whose order arrived",
            rows={
                "orders": (
                    _order("1", "a"),
                    _order("2", "a"),
                    _order("3", "b"),
                    _order("4", "c"),
                    _order("5", None),
                ),
                "shipments": (
                    _parcel("1", "2026-08-02 10:00:00"),
                    _parcel("2", "2026-08-03 10:00:00"),
                    _parcel("3", "2026-08-03 10:00:00"),
                    _parcel("4", "2026-08-31 00:00:00"),
                    _parcel("5", "2026-08-03 10:00:00"),
                ),
                "conversations": tuple(
                    {
                        "conv_id": conv,
                        "customer_key": customer,
                        "started_at": "2026-08-05 10:00:00",
                    }
                    for conv, customer in (("x", "a"), ("y", "a"), ("z", "c"), ("w", "b"))
                ),
                "labels": tuple(
                    {
                        "table_name": "conversations",
                        "row_id": conv,
                        "head": "scene",
                        "label": scene,
                        "source": "model",
                        "version": "1",
                    }
                    for conv, scene in (
                        ("x", "POST06"),
                        ("y", "POST01"),
                        ("z", "POST06"),
                        ("w", "PRE16"),
                    )
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1,
                denominator=2,
                value=0.5,
                excluded={"no_order_arrived": 1},
                counted={"a": True, "b": False, "c": False},
            ),
        ),
    ),
)
