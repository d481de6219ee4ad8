"""询单人数: customers who asked on a day without having bought lately (W58, conventions 9)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per known customer and local day with a conversation."""
    inquiries = facts.relation("inquiry_days")
    inquiries = inquiries.filter(window.holds(inquiries.started_at))
    asks = (~inquiries.bought_before).cast("int64")
    return inquiries.select(
        "shop_id",
        "conv_id",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=inquiries.customer_day,
        at=inquiries.started_at,
        numerator=asks,
        denominator=asks,
        reason=ibis.ifelse(inquiries.bought_before, "bought_before", ibis.null("string")),
    )


def _talk(conv: str, customer: str | None, at: str) -> dict[str, str | None]:
    return {"conv_id": conv, "customer_key": customer, "started_at": at}


METRIC = Metric(
    label="询单人数",
    question="下单前来问的顾客有多少（一位顾客一天算一次）？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    inputs=("conversations", "orders"),
    reasons={"bought_before": "咨询前 15 天内付过款，不算询单"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W58",
            cases,
            assumption="不知道顾客是谁的会话无法查订单，不计",
        ),
    ),
    proofs=(
        Proof(
            name="once a day; 15 days to the second after buying is too soon, unknown is out",
            rows={
                "conversations": (
                    _talk("1", "a", "2026-08-20 10:00:00"),
                    _talk("2", "a", "2026-08-20 23:59:59"),
                    _talk("3", "a", "2026-08-21 00:00:00"),
                    _talk("4", "b", "2026-08-20 10:00:00"),
                    _talk("5", "c", "2026-08-20 10:00:00"),
                    _talk("6", None, "2026-08-20 10:00:00"),
                    _talk("7", "", "2026-08-20 10:00:00"),
                ),
                "orders": (
                    {"order_no": "b", "customer_key": "b", "paid_at": "2026-08-05 10:00:00"},
                    {"order_no": "c", "customer_key": "c", "paid_at": "2026-08-05 09:59:59"},
                    {"order_no": "d", "customer_key": "a", "created_at": "2026-08-19 10:00:00"},
                ),
            },
            window=("2026-08-20", "2026-08-21"),
            expect=Expected(
                numerator=3,
                denominator=3,
                value=3,
                excluded={"bought_before": 1},
                counted={"a|2026-08-20": True, "b|2026-08-20": False, "c|2026-08-20": True},
            ),
        ),
    ),
)
