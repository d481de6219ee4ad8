"""咨询人次: each customer on each local day on which they asked something."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.window import iso_day, local_day


def build(facts: Facts) -> ibis.Table:
    """Return one row per shop, customer and local day.

    Columns: shop_id, customer, customer_day (`customer|YYYY-MM-DD`), day (number), at (when they
    first asked), conv_id (the smallest id that day), agent_id and reception_type (of that
    conversation), last_reply_at (last reply of a human or a robot that day, null for none),
    has_messages (false where the source lists the conversation but not what was said: then the
    conversation's start is `at`), partial (1 where the customer is unknown, so that each
    conversation stands for one).
    """
    talks = _asked(facts).union(_listed(facts))
    days = talks.group_by("shop_id", "customer", "day").aggregate(
        at=talks.asked_at.min(),
        conv_id=talks.conv_id.min(),
        last_reply_at=talks.last_reply_at.max(),
        has_messages=talks.has_messages.cast("int64").max() > 0,
        partial=talks.unknown_customer.max(),
    )
    sessions = facts.relation("session_customers").select(
        "shop_id", "conv_id", "agent_id", "channel", "reception_type"
    )
    joined = days.left_join(sessions, ["shop_id", "conv_id"])
    return joined.select(
        "shop_id",
        "customer",
        "day",
        "at",
        "conv_id",
        "agent_id",
        "channel",
        "reception_type",
        "last_reply_at",
        "has_messages",
        "partial",
        customer_day=joined.customer + "|" + iso_day(joined.day),
    )


def _asked(facts: Facts) -> ibis.Table:
    lines = facts.relation("spoken_lines")
    lines = lines.mutate(day=local_day(lines.sent_at, facts.offset_us))
    days = lines.group_by("shop_id", "conv_id", "day").aggregate(
        asked_at=lines.sent_at.min(where=lines.asks),
        last_reply_at=lines.sent_at.max(where=~lines.asks),
    )
    days = days.filter(days.asked_at.notnull())
    sessions = facts.relation("session_customers").select(
        "shop_id", "conv_id", "customer", "unknown_customer"
    )
    joined = days.inner_join(sessions, ["shop_id", "conv_id"])
    return joined.select(
        "shop_id",
        "customer",
        "unknown_customer",
        "conv_id",
        "day",
        "asked_at",
        "last_reply_at",
        has_messages=ibis.literal(True),
    )


def _listed(facts: Facts) -> ibis.Table:
    sessions = facts.relation("session_customers")
    silent = sessions.filter(~sessions.has_messages & sessions.started_at.notnull())
    return silent.select(
        "shop_id",
        "customer",
        "unknown_customer",
        "conv_id",
        day=local_day(silent.started_at, facts.offset_us),
        asked_at=silent.started_at,
        last_reply_at=ibis.null("int64"),
        has_messages=ibis.literal(False),
    )


RELATION = Relation(
    label="咨询人次",
    build=build,
    proofs=(
        RelationProof(
            name="two conversations of a day are one, a conversation across midnight is two days",
            rows={
                "conversations": (
                    {"conv_id": "a", "customer_key": "k", "started_at": "2026-02-28 23:50:00"},
                    {"conv_id": "b", "customer_key": "k", "started_at": "2026-02-28 10:00:00"},
                    {"conv_id": "c", "customer_key": "z", "started_at": "2026-02-28 10:00:00"},
                ),
                "messages": tuple(
                    {"msg_id": f"{n}", "conv_id": conv, "sent_at": at, "role": role}
                    for n, (conv, at, role) in enumerate(
                        (
                            ("b", "2026-02-28 10:00:00", "buyer"),
                            ("b", "2026-02-28 10:01:00", "robot_auto"),
                            ("a", "2026-02-28 23:50:00", "buyer"),
                            ("a", "2026-03-01 00:10:00", "buyer"),
                        )
                    )
                ),
            },
            expect=(
                {"customer_day": "k|2026-02-28", "conv_id": "a", "last_reply_at": 1772244060000000},
                {"customer_day": "k|2026-03-01", "last_reply_at": None, "has_messages": True},
                {"customer_day": "z|2026-02-28", "has_messages": False, "partial": 0},
            ),
        ),
    ),
)
