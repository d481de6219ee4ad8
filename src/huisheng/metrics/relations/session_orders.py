"""会话关联订单: the order a conversation is about (domain §4.5)."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.window import DAY_US

LOOK_BACK_US = 15 * DAY_US
GIVEN, MENTIONED, SAME_CUSTOMER = 1, 2, 3
"""How sure the link is, the surest first."""


def build(facts: Facts) -> ibis.Table:
    """Return at most one row per conversation: shop_id, conv_id, order_no, link.

    `link` is 1 where the source names the order, 2 where the buyer typed its number, 3 for the
    customer's last order paid within 15 days.
    """
    sessions = facts.table("conversations")
    given = sessions.filter(sessions.order_no.notnull() & (sessions.order_no != "")).select(
        "shop_id",
        "conv_id",
        "order_no",
        link=ibis.literal(GIVEN, "int64"),
        paid_at=ibis.literal(0, "int64"),
    )
    links = given.union(_mentioned(facts)).union(_same_customer(facts))
    ranked = links.mutate(
        rank=ibis.row_number().over(
            group_by=[links.shop_id, links.conv_id],
            order_by=[links.link, links.paid_at.desc(), links.order_no],
        )
    )
    return ranked.filter(ranked["rank"] == 0).select("shop_id", "conv_id", "order_no", "link")


def _mentioned(facts: Facts) -> ibis.Table:
    messages = facts.table("messages")
    first = messages.order_nos.re_extract(r'"([^"]+)"', 1)
    typed = messages.filter(messages.order_nos.notnull()).select(
        "shop_id", "conv_id", order_no=first
    )
    known = facts.table("orders").select("shop_id", "order_no")
    return (
        typed.semi_join(known, ["shop_id", "order_no"])
        .distinct()
        .mutate(link=ibis.literal(MENTIONED, "int64"), paid_at=ibis.literal(0, "int64"))
    )


def _same_customer(facts: Facts) -> ibis.Table:
    sessions = facts.relation("sessions").select("shop_id", "conv_id", "customer_key", "started_at")
    orders = facts.relation("paid_orders").select("shop_id", "order_no", "customer_key", "paid_at")
    joined = sessions.inner_join(orders, ["shop_id", "customer_key"])
    age = joined.started_at - joined.paid_at
    near = joined.filter((age >= 0) & (age <= LOOK_BACK_US))
    return near.select(
        "shop_id",
        "conv_id",
        "order_no",
        link=ibis.literal(SAME_CUSTOMER, "int64"),
        paid_at=near.paid_at,
    )


RELATION = Relation(
    label="会话关联订单",
    build=build,
    proofs=(
        RelationProof(
            name="given beats typed beats the customer's last order; day 16 is too old",
            rows={
                "orders": (
                    {"order_no": "o1", "customer_key": "k", "paid_at": "2026-08-01 10:00:00"},
                    {"order_no": "o2", "customer_key": "k", "paid_at": "2026-08-03 10:00:00"},
                    {"order_no": "o3", "customer_key": "j", "paid_at": "2026-08-01 10:00:00"},
                ),
                "conversations": (
                    {
                        "conv_id": "a",
                        "customer_key": "k",
                        "order_no": "o1",
                        "started_at": "2026-08-04 10:00:00",
                    },
                    {"conv_id": "b", "customer_key": "k", "started_at": "2026-08-04 10:00:00"},
                    {"conv_id": "c", "customer_key": "j", "started_at": "2026-08-16 10:00:01"},
                    {"conv_id": "d", "customer_key": "k", "started_at": "2026-08-04 11:00:00"},
                ),
                "messages": (
                    {
                        "msg_id": "1",
                        "conv_id": "d",
                        "sent_at": "2026-08-04 11:00:00",
                        "order_nos": '["o1"]',
                    },
                ),
            },
            expect=(
                {"conv_id": "a", "order_no": "o1", "link": GIVEN},
                {"conv_id": "b", "order_no": "o2", "link": SAME_CUSTOMER},
                {"conv_id": "d", "order_no": "o1", "link": MENTIONED},
            ),
        ),
    ),
)
