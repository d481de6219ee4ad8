"""会话: conversations as recorded, completed from their messages where a source has none."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.window import Window

HUMAN = ("agent", "robot_assist")
KEYS = ("shop_id", "conv_id")


def build(facts: Facts) -> ibis.Table:
    """Return one row per conversation, given or seen in messages.

    Columns: shop_id, conv_id, customer_key, order_no, product_id, channel, started_at,
    reception_type (as given, else from who replied), agent_id (last, else first human who spoke),
    transfer_count.
    """
    given = facts.table("conversations")
    return _completed(facts, given, facts.table("messages"))


def started_in(facts: Facts, window: Window) -> ibis.Table:
    """Return the `sessions` that started in a window, without a look at the others' messages."""
    if facts.window is None:
        sessions = facts.relation("sessions")
    else:
        given = facts.table("conversations")
        near = given.filter(window.holds(given.started_at) | given.started_at.isnull())
        sessions = _completed(facts, near, window.on_days(facts.table("messages")))
    return sessions.filter(window.holds(sessions.started_at))


def _completed(facts: Facts, given: ibis.Table, spoken: ibis.Table) -> ibis.Table:
    """Return given conversations, and those seen in `spoken` messages that nobody gave.

    Most sources give whole conversations: only the messages of the others are gone through.
    """
    alone = spoken.select(KEYS).anti_join(facts.table("conversations"), KEYS)
    wanting = alone.union(given.filter(~_complete(given)).select(KEYS)).distinct()
    both = given.outer_join(_seen(facts.table("messages").semi_join(wanting, KEYS)), KEYS)
    return both.select(
        "customer_key",
        "order_no",
        "product_id",
        "channel",
        "transfer_count",
        shop_id=both.shop_id.coalesce(both.shop_id_right),
        conv_id=both.conv_id.coalesce(both.conv_id_right),
        reception_type=both.reception_type.coalesce(both.seen_reception),
        started_at=both.started_at.coalesce(both.first_at),
        agent_id=_named(both).coalesce(both.seen_agent),
    )


def _complete(given: ibis.Table) -> ibis.Value:
    """Return whether messages can add nothing: a talk with a robot alone has no agent."""
    alone = given.reception_type == "robot"
    return (
        given.started_at.notnull()
        & given.reception_type.notnull()
        & (alone | _named(given).notnull()).fill_null(False)
    )


def _named(given: ibis.Table) -> ibis.Value:
    return given.last_agent_id.coalesce(given.first_agent_id)


def _seen(messages: ibis.Table) -> ibis.Table:
    spoken = ~messages.is_auto_reply.fill_null(False)
    human = messages.role.isin(HUMAN) & spoken
    robot = messages.role == "robot_auto"
    grouped = messages.group_by("shop_id", "conv_id").aggregate(
        first_at=messages.sent_at.min(),
        human_replies=human.cast("int64").sum(),
        robot_replies=robot.cast("int64").sum(),
        seen_agent=messages.agent_id.max(where=human),
    )
    return grouped.mutate(
        seen_reception=ibis.cases(
            ((grouped.human_replies > 0) & (grouped.robot_replies > 0), "mixed"),
            (grouped.human_replies > 0, "human"),
            (grouped.robot_replies > 0, "robot"),
            else_=ibis.null("string"),
        )
    )


_AT = "2026-08-01 10:00:00"

RELATION = Relation(
    label="会话",
    build=build,
    proofs=(
        RelationProof(
            name="what is given stays, what is missing comes from the messages",
            rows={
                "conversations": ({"conv_id": "a", "started_at": _AT, "reception_type": "robot"},),
                "messages": (
                    {"msg_id": "1", "conv_id": "a", "sent_at": _AT, "role": "agent"},
                    {"msg_id": "2", "conv_id": "b", "sent_at": _AT, "role": "robot_auto"},
                    {
                        "msg_id": "3",
                        "conv_id": "b",
                        "sent_at": _AT,
                        "role": "agent",
                        "agent_id": "x",
                    },
                ),
            },
            expect=(
                {"conv_id": "a", "reception_type": "robot", "agent_id": None},
                {"conv_id": "b", "reception_type": "mixed", "agent_id": "x"},
            ),
        ),
    ),
)
