"""轮次: a buyer's question and the reply that closes it (domain §1.8, conventions 7)."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.window import SECOND_US, local_hour

SPOKEN = ("text", "image", "voice", "video", "link")
"""Message types that can ask or answer; cards, system lines and recalls can do neither."""

HUMAN = ("agent", "robot_assist")
REPLIES = (*HUMAN, "robot_auto")
POLITE_CLOSINGS = ("谢谢", "好的", "嗯")
LONGEST_CLOSING = 6
"""A longer text is no closing word, whatever blanks surround it."""

OPENS, CLOSES = 8, 23
"""A round counts when it starts at or after 08:00 and before 23:00."""


def build(facts: Facts) -> ibis.Table:
    """Return one row per round.

    Columns: shop_id, conv_id, round_no (from 1 in the conversation), started_at, replied_at
    (null: never answered), reply_us, closed_by (agent, robot_assist, robot_auto or null),
    agent_id (who replied, else who spoke last before, else null), in_hours.
    """
    turns = _turns(_spoken(facts))
    order = [turns.sent_at, turns.seq, turns.msg_id]
    talk = ibis.window(group_by=[turns.shop_id, turns.conv_id], order_by=order)
    # Questions and replies take turns, and a question is always first.
    paired = turns.mutate(
        replied_at=turns.sent_at.lead().over(talk),
        closed_by=turns.role.lead().over(talk),
        reply_agent=turns.agent_id.lead().over(talk),
        agent_before=turns.agent_id.lag().over(talk),
        turn=ibis.row_number().over(talk),
    )
    opened = paired.filter(paired.asks)
    # An unanswered last round made only of closing words asks nothing.
    opened = opened.filter(opened.replied_at.notnull() | (opened.asked_from_here > 0))
    hour = local_hour(opened.sent_at, facts.offset_us)
    return opened.select(
        "shop_id",
        "conv_id",
        "replied_at",
        "closed_by",
        started_at=opened.sent_at,
        round_no=opened.turn // 2 + 1,
        reply_us=opened.replied_at - opened.sent_at,
        agent_id=opened.reply_agent.coalesce(opened.agent_before),
        in_hours=(hour >= OPENS) & (hour < CLOSES),
    )


def closes(lines: ibis.Table) -> ibis.Value:
    """Return whether a buyer's line is nothing but thanks or consent; false for other lines."""
    # A case tries its branch on the rows that pass alone, which spares nearly all the trimming.
    return ibis.ifelse(
        ((lines.role == "buyer") & (lines.text.length() <= LONGEST_CLOSING)).fill_null(False),
        lines.text.strip().isin(POLITE_CLOSINGS),
        False,
    )


def _spoken(facts: Facts) -> ibis.Table:
    """Return what buyers, agents and robots said, in conversations that touch the window."""
    messages = facts.table("messages")
    lines = messages.filter(
        messages.sent_at.notnull()
        & messages.role.isin(("buyer", *REPLIES))
        & messages.type.fill_null("text").isin(SPOKEN)
        & ~messages.is_recalled.fill_null(False)
        & ~messages.is_auto_reply.fill_null(False)
    )
    if facts.window is None:
        return lines
    return lines.semi_join(facts.window.on_days(messages), ["shop_id", "conv_id"])


def _turns(lines: ibis.Table) -> ibis.Table:
    """Return the first line of every stretch in which one side speaks, buyers' and replies'."""
    lines = lines.select(
        "shop_id",
        "conv_id",
        "msg_id",
        "role",
        "sent_at",
        "agent_id",
        seq=lines.seq.fill_null(0),
        asks=lines.role == "buyer",
        asks_more=((lines.role == "buyer") & ~closes(lines)).cast("int64"),
    )
    talk = {"group_by": [lines.shop_id, lines.conv_id]}
    talk["order_by"] = [lines.sent_at, lines.seq, lines.msg_id]
    onwards = ibis.window(**talk, preceding=0, following=None)
    lines = lines.mutate(
        asked_before=lines.asks.lag().over(ibis.window(**talk)),
        asked_from_here=lines.asks_more.sum().over(onwards),
    )
    # A stretch begins where the other side spoke before; a reply before any question is none.
    return lines.filter((lines.asks != lines.asked_before).fill_null(lines.asks))


_DAY = "2026-08-01 "
_LINES = (
    ("m1", 1, "10:00:00", "buyer", "在吗", None),
    ("m2", 2, "10:00:01", "robot_auto", "您好，欢迎光临", None),
    ("m3", 3, "10:00:20", "buyer", "这款有货吗", None),
    ("m4", 4, "10:01:40", "agent", "有的亲", "a1"),
    ("m5", 5, "10:05:00", "buyer", "什么时候发", None),
    ("m6", 6, "10:09:30", "agent", "今天发", "a1"),
    ("m7", 7, "22:58:00", "buyer", "还没发吗", None),
)


def _seconds(count: float) -> int:
    return int(count * SECOND_US)


RELATION = Relation(
    label="轮次",
    build=build,
    proofs=(
        RelationProof(
            name="the worked example of domain §1.8",
            rows={
                "messages": tuple(
                    {
                        "msg_id": msg_id,
                        "conv_id": "c",
                        "seq": seq,
                        "sent_at": _DAY + time,
                        "role": role,
                        "text": text,
                        "agent_id": agent,
                        "type": "text",
                        "is_auto_reply": role == "robot_auto",
                    }
                    for msg_id, seq, time, role, text, agent in _LINES
                )
            },
            expect=(
                {"round_no": 1, "reply_us": _seconds(100), "closed_by": "agent", "agent_id": "a1"},
                {"round_no": 2, "reply_us": _seconds(270), "in_hours": True},
                {"round_no": 3, "reply_us": None, "closed_by": None, "agent_id": "a1"},
            ),
        ),
        RelationProof(
            name="a robot closes a round, closing words open none, a recall answers nothing",
            rows={
                "messages": (
                    {"msg_id": "1", "conv_id": "c", "sent_at": _DAY + "09:00:00", "role": "buyer"},
                    {
                        "msg_id": "2",
                        "conv_id": "c",
                        "sent_at": _DAY + "09:00:05",
                        "role": "robot_auto",
                    },
                    {"msg_id": "3", "conv_id": "c", "sent_at": _DAY + "09:01:00", "role": "buyer"},
                    {
                        "msg_id": "4",
                        "conv_id": "c",
                        "sent_at": _DAY + "09:01:10",
                        "role": "agent",
                        "is_recalled": True,
                    },
                    {
                        "msg_id": "5",
                        "conv_id": "c",
                        "sent_at": _DAY + "09:01:30",
                        "role": "robot_assist",
                        "agent_id": "a2",
                    },
                    {
                        "msg_id": "6",
                        "conv_id": "c",
                        "sent_at": _DAY + "09:02:00",
                        "role": "buyer",
                        "text": "好的",
                    },
                    {
                        "msg_id": "7",
                        "conv_id": "c",
                        "sent_at": _DAY + "09:02:05",
                        "role": "buyer",
                        "text": "谢谢",
                    },
                )
            },
            expect=(
                {"round_no": 1, "closed_by": "robot_auto", "reply_us": _seconds(5)},
                {"round_no": 2, "closed_by": "robot_assist", "reply_us": _seconds(30)},
            ),
        ),
    ),
)
