"""会话: conversations as recorded, completed from their messages where a source has none."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

HUMAN = ("agent", "robot_assist")


def build(facts: Facts) -> ibis.Table:
    """Return one row per conversation, given or seen in messages.

    Columns: shop_id, conv_id, customer_key, order_no, product_id, channel, started_at, ended_at,
    reception_type (as given, else from who replied), agent_id (last, else first human who spoke),
    transfer_count, has_agent_reply.
    """
    given = facts.table("conversations")
    seen = _seen(facts.table("messages"))
    both = given.outer_join(seen, ["shop_id", "conv_id"])
    return both.select(
        shop_id=both.shop_id.coalesce(both.shop_id_right),
        conv_id=both.conv_id.coalesce(both.conv_id_right),
        customer_key=both.customer_key,
        order_no=both.order_no,
        product_id=both.product_id,
        channel=both.channel,
        started_at=both.started_at.coalesce(both.first_at),
        ended_at=both.ended_at.coalesce(both.last_at),
        reception_type=both.reception_type.coalesce(both.seen_reception),
        agent_id=both.last_agent_id.coalesce(both.first_agent_id, both.seen_agent),
        transfer_count=both.transfer_count,
        has_agent_reply=both.human_replies.fill_null(0) > 0,
    )


def _seen(messages: ibis.Table) -> ibis.Table:
    spoken = ~messages.is_auto_reply.fill_null(False)
    human = messages.role.isin(HUMAN) & spoken
    robot = messages.role == "robot_auto"
    grouped = messages.group_by("shop_id", "conv_id").aggregate(
        first_at=messages.sent_at.min(),
        last_at=messages.sent_at.max(),
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
    reused=True,
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
                {"conv_id": "a", "reception_type": "robot", "has_agent_reply": True},
                {"conv_id": "b", "reception_type": "mixed", "agent_id": "x"},
            ),
        ),
    ),
)
