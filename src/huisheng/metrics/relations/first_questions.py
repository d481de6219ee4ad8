"""首问: each conversation's first round that a human had to answer."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return the first round per conversation not closed by a full robot.

    Columns: those of `rounds`, and channel, reception_type, customer_key of the conversation.
    """
    rounds = facts.relation("rounds")
    rounds = rounds.filter(rounds.closed_by.fill_null("") != "robot_auto")
    in_order = ibis.window(group_by=[rounds.shop_id, rounds.conv_id], order_by=[rounds.round_no])
    first = rounds.mutate(place=ibis.row_number().over(in_order))
    first = first.filter(first.place == 0).drop("place")
    sessions = facts.relation("sessions").select(
        "shop_id", "conv_id", "channel", "reception_type", "customer_key"
    )
    return first.left_join(sessions, ["shop_id", "conv_id"]).drop("shop_id_right", "conv_id_right")


_DAY = "2026-08-01 "

RELATION = Relation(
    label="首问",
    build=build,
    proofs=(
        RelationProof(
            name="a round that the robot closed is passed over, an unanswered one is not",
            rows={
                "messages": tuple(
                    {"msg_id": f"{n}", "conv_id": conv, "sent_at": _DAY + time, "role": role}
                    for n, (conv, time, role) in enumerate(
                        (
                            ("a", "09:00:00", "buyer"),
                            ("a", "09:00:05", "robot_auto"),
                            ("a", "09:01:00", "buyer"),
                            ("a", "09:01:30", "agent"),
                            ("a", "09:02:00", "buyer"),
                            ("a", "09:02:01", "agent"),
                            ("b", "09:00:00", "buyer"),
                            ("c", "09:00:00", "buyer"),
                            ("c", "09:00:05", "robot_auto"),
                        )
                    )
                )
            },
            expect=(
                {"conv_id": "a", "round_no": 2, "reply_us": 30_000_000, "reception_type": "mixed"},
                {"conv_id": "b", "round_no": 1, "reply_us": None},
            ),
        ),
    ),
)
