"""说出的话: lines that a buyer, an agent or a robot really said."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.relations.rounds import HUMAN, REPLIES, SPOKEN


def build(facts: Facts) -> ibis.Table:
    """Return the spoken lines, one row each.

    Columns: shop_id, conv_id, msg_id, seq, sent_at, role, type, text, agent_id, asks (a buyer's
    line), by_human (an agent's or an assisted line). Cards, system lines, automatic replies and
    recalled lines are no speech (domain §1.8).
    """
    messages = facts.table("messages")
    kind = messages.type.fill_null("text")
    spoken = messages.filter(
        messages.sent_at.notnull()
        & messages.role.isin(("buyer", *REPLIES))
        & kind.isin(SPOKEN)
        & ~messages.is_recalled.fill_null(False)
        & ~messages.is_auto_reply.fill_null(False)
    )
    return spoken.select(
        "shop_id",
        "conv_id",
        "msg_id",
        "sent_at",
        "role",
        "text",
        seq=spoken.seq.fill_null(0),
        type=spoken.type.fill_null("text"),
        agent_id=spoken.agent_id.nullif(""),
        asks=spoken.role == "buyer",
        by_human=spoken.role.isin(HUMAN),
    )


_AT = "2026-08-01 10:00:00"

RELATION = Relation(
    label="说出的话",
    build=build,
    proofs=(
        RelationProof(
            name="cards, automatic and recalled lines are no speech",
            rows={
                "messages": (
                    {"msg_id": "1", "conv_id": "c", "sent_at": _AT, "role": "buyer"},
                    {
                        "msg_id": "2",
                        "conv_id": "c",
                        "sent_at": _AT,
                        "role": "robot_assist",
                        "agent_id": "",
                    },
                    {"msg_id": "3", "conv_id": "c", "sent_at": _AT, "role": "robot_auto"},
                    {
                        "msg_id": "4",
                        "conv_id": "c",
                        "sent_at": _AT,
                        "role": "agent",
                        "type": "card",
                    },
                    {
                        "msg_id": "5",
                        "conv_id": "c",
                        "sent_at": _AT,
                        "role": "agent",
                        "is_auto_reply": True,
                    },
                    {
                        "msg_id": "6",
                        "conv_id": "c",
                        "sent_at": _AT,
                        "role": "agent",
                        "is_recalled": True,
                    },
                    {"msg_id": "7", "conv_id": "c", "sent_at": _AT, "role": "system"},
                )
            },
            expect=(
                {"msg_id": "1", "asks": True, "by_human": False},
                {"msg_id": "2", "asks": False, "by_human": True, "agent_id": None},
                {"msg_id": "3", "asks": False, "by_human": False},
            ),
        ),
    ),
)
