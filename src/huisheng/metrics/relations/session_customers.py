"""会话顾客: who each conversation was with, and what they said that was more than a greeting."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.relations.rounds import POLITE_CLOSINGS

GREETINGS = (
    "在吗", "在么", "在不在", "在", "在不", "有人吗", "有人在吗", "你好", "您好", "你好在吗",
    "您好在吗", "亲", "亲在吗", "哈喽", "嗨", "hi", "hello", "客服", "客服在吗", "",
)  # fmt: skip
"""Texts that open a conversation without saying anything, punctuation and spaces removed."""

PUNCTUATION = r"[\s,.!?~，。！？、～…]+"


def build(facts: Facts) -> ibis.Table:
    """Return one row per conversation.

    Columns: shop_id, conv_id, customer (the key, else the conversation's id), unknown_customer (1
    then), order_no, product_id, channel, reception_type, agent_id, started_at, has_messages,
    substantive (the buyer said more than greetings, thanks or links).
    """
    sessions = facts.relation("sessions")
    lines = facts.relation("spoken_lines")
    words = lines.text.fill_null("").re_replace(PUNCTUATION, "").lower()
    says_nothing = (lines.type == "link") | (
        (lines.type == "text") & words.isin((*GREETINGS, *POLITE_CLOSINGS))
    )
    said = lines.group_by("shop_id", "conv_id").aggregate(
        said_much=(lines.asks & ~says_nothing).cast("int64").max()
    )
    joined = sessions.left_join(said, ["shop_id", "conv_id"])
    key = joined.customer_key.nullif("")
    return joined.select(
        "shop_id",
        "conv_id",
        "channel",
        "reception_type",
        "started_at",
        customer=key.coalesce(joined.conv_id),
        unknown_customer=key.isnull().cast("int64"),
        order_no=joined.order_no.nullif(""),
        product_id=joined.product_id.nullif(""),
        agent_id=joined.agent_id.nullif(""),
        has_messages=joined.said_much.notnull(),
        substantive=joined.said_much.fill_null(0) > 0,
    )


_AT = "2026-08-01 10:00:00"


def _line(conv: str, text: str, kind: str = "text") -> dict[str, str]:
    return {
        "msg_id": conv + text,
        "conv_id": conv,
        "sent_at": _AT,
        "role": "buyer",
        "text": text,
        "type": kind,
    }


RELATION = Relation(
    label="会话顾客",
    build=build,
    proofs=(
        RelationProof(
            name="greetings and links say nothing, an image does; no key: the conversation's id",
            rows={
                "conversations": (
                    {"conv_id": "a", "customer_key": "k", "started_at": _AT, "order_no": ""},
                    {"conv_id": "e", "customer_key": "", "started_at": _AT},
                ),
                "messages": (
                    _line("a", "在吗？？"),
                    _line("a", "好的"),
                    _line("b", "这款有货吗"),
                    _line("c", "图", "image"),
                    _line("d", "https://item.example/1", "link"),
                ),
            },
            expect=(
                {"conv_id": "a", "customer": "k", "unknown_customer": 0, "substantive": False},
                {"conv_id": "b", "customer": "b", "unknown_customer": 1, "substantive": True},
                {"conv_id": "c", "substantive": True},
                {"conv_id": "d", "substantive": False, "has_messages": True},
                {"conv_id": "e", "customer": "e", "has_messages": False},
            ),
        ),
    ),
)
