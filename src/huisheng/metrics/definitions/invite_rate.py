"""邀评率: customers who asked on a day and were invited to rate that day's service (W24)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window, local_day


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer and local day on which they asked."""
    days = facts.relation("customer_days")
    days = days.filter(window.holds(days.at))
    joined = days.left_join(_invited(facts), ["shop_id", "customer", "day"])
    return joined.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "reception_type",
        "partial",
        case_id=joined.customer_day,
        at=joined.at,
        numerator=joined.invited.fill_null(0),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
    )


def _invited(facts: Facts) -> ibis.Table:
    """Return distinct shop_id, customer, day with an invitation, however often and by whom."""
    ratings = facts.table("session_ratings")
    ratings = ratings.filter(ratings.invited_at.notnull())
    ratings = ratings.select(
        "shop_id",
        "conv_id",
        rater=ratings.customer_key.nullif(""),
        day=local_day(ratings.invited_at, facts.offset_us),
    )
    sessions = facts.relation("session_customers").select("shop_id", "conv_id", "customer")
    joined = ratings.left_join(sessions, ["shop_id", "conv_id"])
    people = joined.select("shop_id", "day", customer=joined.customer.coalesce(joined.rater))
    return (
        people.filter(people.customer.notnull()).distinct().mutate(invited=ibis.literal(1, "int64"))
    )


def _talk(conv: str, customer: str) -> dict[str, str]:
    return {"conv_id": conv, "customer_key": customer, "started_at": "2026-08-01 09:00:00"}


METRIC = Metric(
    label="邀评率",
    question="来咨询的顾客里，有多少被邀请评价？",
    unit=Unit.SHARE,
    better=Better.NEITHER,
    rollup=Rollup.RATIO,
    inputs=("session_ratings", "conversations", "messages"),
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W24",
            cases,
            assumption="按顾客与自然日去重，客服、机器人与系统的邀请合并；并非越高越好",
        ),
    ),
    proofs=(
        Proof(
            name="two invitations of a day are one, the next day's and a self-made rating are none",
            rows={
                "conversations": (
                    _talk("a", "k1"),
                    _talk("b", "k1"),
                    _talk("c", "k2"),
                    _talk("d", "k3"),
                    _talk("e", "k4"),
                ),
                "session_ratings": (
                    {"rating_id": "1", "conv_id": "a", "invited_at": "2026-08-01 10:00:00"},
                    {"rating_id": "2", "conv_id": "b", "invited_at": "2026-08-01 11:00:00"},
                    {"rating_id": "3", "conv_id": "c", "invited_at": "2026-08-02 00:00:00"},
                    {"rating_id": "4", "conv_id": "d", "rated_at": "2026-08-01 10:00:00"},
                    {"rating_id": "5", "customer_key": "k4", "invited_at": "2026-08-01 10:00:00"},
                ),
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=2,
                denominator=4,
                value=0.5,
                counted={"k1|2026-08-01": True, "k2|2026-08-01": True},
            ),
        ),
    ),
)
