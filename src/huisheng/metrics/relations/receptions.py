"""接待人次: each customer on each day whom one agent answered."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.relations.rounds import HUMAN
from huisheng.metrics.window import iso_day, local_day


def build(facts: Facts) -> ibis.Table:
    """Return one row per shop, customer, local day and agent (domain §1.5: per agent-day).

    Columns: shop_id, customer, agent_id (null: not recorded), reception (`customer|date|agent`),
    at (first answer that day), conv_id (the smallest id), channel, substantive (in any of the
    day's conversations the buyer said more than greetings, thanks or links), partial.
    """
    rounds = facts.relation("rounds")
    answered = rounds.filter(rounds.closed_by.fill_null("").isin(HUMAN))
    answered = answered.select(
        "shop_id",
        "conv_id",
        "replied_at",
        agent=answered.agent_id.fill_null(""),
        day=local_day(answered.replied_at, facts.offset_us),
    )
    sessions = facts.relation("session_customers").select(
        "shop_id", "conv_id", "customer", "unknown_customer", "channel", "substantive"
    )
    joined = answered.inner_join(sessions, ["shop_id", "conv_id"])
    grouped = joined.group_by("shop_id", "customer", "day", "agent").aggregate(
        at=joined.replied_at.min(),
        conv_id=joined.conv_id.min(),
        channel=joined.channel.min(),
        substantive=joined.substantive.cast("int64").max() > 0,
        partial=joined.unknown_customer.max(),
    )
    return grouped.select(
        "shop_id",
        "customer",
        "at",
        "conv_id",
        "channel",
        "substantive",
        "partial",
        agent_id=grouped.agent.nullif(""),
        reception=grouped.customer + "|" + iso_day(grouped.day) + "|" + grouped.agent,
    )


_D = "2026-08-01 "

RELATION = Relation(
    label="接待人次",
    build=build,
    proofs=(
        RelationProof(
            name="two answers are one reception, two agents are two, a robot receives nobody",
            rows={
                "conversations": (
                    {"conv_id": "a", "customer_key": "k", "started_at": _D + "09:00:00"},
                ),
                "messages": tuple(
                    {
                        "msg_id": f"{n}",
                        "conv_id": conv,
                        "sent_at": _D + at,
                        "role": role,
                        "agent_id": agent,
                        "text": "你好",
                    }
                    for n, (conv, at, role, agent) in enumerate(
                        (
                            ("a", "09:00:00", "buyer", None),
                            ("a", "09:00:10", "agent", "x"),
                            ("a", "09:01:00", "buyer", None),
                            ("a", "09:01:10", "agent", "x"),
                            ("a", "09:02:00", "buyer", None),
                            ("a", "09:02:10", "robot_assist", "y"),
                            ("b", "09:00:00", "buyer", None),
                            ("b", "09:00:10", "robot_auto", "bot"),
                            ("c", "09:00:00", "agent", "x"),
                        )
                    )
                ),
            },
            expect=(
                {"reception": "k|2026-08-01|x", "agent_id": "x", "substantive": False},
                {"reception": "k|2026-08-01|y", "agent_id": "y", "partial": 0},
            ),
        ),
    ),
)
