"""询单人次: a customer's day that began with a question before any recent order (conventions 9)."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.relations.sessions import started_in
from huisheng.metrics.window import DAY_US, iso_day, local_day

LOOK_BACK_US = 15 * DAY_US


def build(facts: Facts) -> ibis.Table:
    """Return one row per shop, known customer and local day with a conversation.

    Columns: shop_id, customer_key, customer_day (`customer|YYYY-MM-DD`), day (number), and of the
    day's first conversation (ties: the smallest id) conv_id, started_at, product_id, channel,
    reception_type, agent_id; bought_before (an order paid in the 15 days before started_at).
    """
    first = _first_conversations(facts)
    orders = facts.relation("paid_orders").select("shop_id", "customer_key", "paid_at")
    # One join and one grouping: an engine that inlines would compute `first` for each use of it.
    near = first.left_join(
        orders,
        [
            first.shop_id == orders.shop_id,
            first.customer_key == orders.customer_key,
            orders.paid_at < first.started_at,
            orders.paid_at >= first.started_at - LOOK_BACK_US,
        ],
    )
    days = near.group_by(first.columns).aggregate(bought_before=near.paid_at.notnull().any())
    return days.mutate(customer_day=days.customer_key + "|" + iso_day(days.day))


def _first_conversations(facts: Facts) -> ibis.Table:
    # Whole days: the first conversation of each is inside with the rest.
    window = facts.window
    sessions = facts.relation("sessions") if window is None else started_in(facts, window)
    known = sessions.filter(
        (sessions.customer_key.fill_null("") != "") & sessions.started_at.notnull()
    )
    known = known.select(
        "shop_id",
        "customer_key",
        "conv_id",
        "started_at",
        "channel",
        "reception_type",
        "agent_id",
        product_id=known.product_id.nullif(""),
        day=local_day(known.started_at, facts.offset_us),
    )
    in_order = ibis.window(
        group_by=[known.shop_id, known.customer_key, known.day],
        order_by=[known.started_at, known.conv_id],
    )
    placed = known.mutate(place=ibis.row_number().over(in_order))
    return placed.filter(placed.place == 0).drop("place")


def _talk(conv: str, customer: str | None, at: str) -> dict[str, str | None]:
    return {"conv_id": conv, "customer_key": customer, "started_at": at}


RELATION = Relation(
    label="询单人次",
    build=build,
    proofs=(
        RelationProof(
            name="the day's first talk; an order 15 days back counts, one of day 16 does not",
            rows={
                "conversations": (
                    _talk("a2", "a", "2026-08-20 11:00:00"),
                    _talk("a1", "a", "2026-08-20 10:00:00"),
                    _talk("b1", "b", "2026-08-20 10:00:00"),
                    _talk("c1", "c", "2026-08-20 10:00:00"),
                    _talk("d1", None, "2026-08-20 10:00:00"),
                ),
                "orders": (
                    {"order_no": "a", "customer_key": "a", "paid_at": "2026-08-20 10:00:00"},
                    {"order_no": "b", "customer_key": "b", "paid_at": "2026-08-05 10:00:00"},
                    {"order_no": "b2", "customer_key": "b", "paid_at": "2026-08-19 10:00:00"},
                    {"order_no": "c", "customer_key": "c", "paid_at": "2026-08-05 09:59:59"},
                ),
            },
            expect=(
                {"customer_day": "a|2026-08-20", "conv_id": "a1", "bought_before": False},
                {"customer_day": "b|2026-08-20", "bought_before": True},
                {"customer_day": "c|2026-08-20", "bought_before": False},
            ),
        ),
    ),
)
