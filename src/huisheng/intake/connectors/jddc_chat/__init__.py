"""Public customer service dialogues of a retailer (JDDC): one row per message, no times."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    flag,
    landed,
    matches,
    one_per,
    pick,
    recode,
    where,
)
from huisheng.intake.connector import Connector

ROLES = (("^1$", "agent"), ("^0$", "buyer"))
_NOT_TEXT = r"^(\[(图片|语音|视频|表情)[^\]]*\]|#E-[\w-]+)$"
_NO_PRODUCT = r"^0*$"


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return messages in the order of the file and one conversation per session."""
    return {"messages": _messages(raw), "conversations": _conversations(raw)}


def _messages(raw: pa.Table) -> pa.Table:
    # Intake counts the messages of a session, in file order.
    content = pick(raw, "content")
    other = matches(content, _NOT_TEXT)
    return landed(
        raw,
        conv_id=pick(raw, "session_id"),
        role=recode(pick(raw, "waiter_send"), ROLES),
        type=pc.if_else(pc.fill_null(other, False), "image", "text"),
        text=content,
        parsed=flag(pc.invert(other)),
    )


def _conversations(raw: pa.Table) -> pa.Table:
    product = pick(raw, "sku")
    transferred = pc.equal(pick(raw, "is_transfer"), "1")
    return one_per(
        landed(
            raw,
            conv_id=pick(raw, "session_id"),
            customer_key=pick(raw, "user_id"),
            product_id=where(pc.invert(matches(product, _NO_PRODUCT)), product),
            channel=constant(raw, "im"),
            reception_type=constant(raw, "human"),
            transfer_count=pc.if_else(pc.fill_null(transferred, False), "1", "0"),
        ),
        "conv_id",
        greatest={"transfer_count"},
    )


CONNECTOR = Connector(
    label="公开客服对话 JDDC（session_id、waiter_send、content，无时间）",
    platform="jd",
    header=frozenset({"session_id", "user_id", "waiter_send", "content"}),
    convert=convert,
    together="session_id",
)
