"""千牛 chats, copied or saved as text: heads of nick and time, with lines of content below."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    extract,
    flag,
    known,
    landed,
    legible,
    matches,
    one_per,
    pick,
    where,
)
from huisheng.intake.connector import KEYED, Connector, TextFormat
from huisheng.intake.connectors.taobao_chat.speakers import Speech, speech
from huisheng.intake.connectors.taobao_chat.transcript import recognises, rows

_IMAGE = r"^\[(图片|表情|动画表情|自定义表情|截图)\]$|^(\[[^\[\]\d]{1,6}\])+$"
_VOICE = r"^\[语音[^\]]*\]$"
_VIDEO = r"^\[(短?视频)[^\]]*\]$"
_CARD = r"^\[(商品|宝贝|订单|卡片|优惠券|店铺)[^\]]*\]"
_AUTO_REPLY = (
    "自动回复|欢迎光临|您已进入.{0,10}(咨询|服务)|当前排队|稍后.{0,6}人工客服.{0,6}为您服务"
)
_HANDED_OVER = r"由\s*(?P<from>\S+)\s*转交给"
_BY_ROBOT = "^(服务助手|店小蜜|机器人)"
_REASON = r"原因[:：]【(?P<found>[^】]+)】"
_PRODUCT = r"[?&]id=(?P<found>\d{6,})"
_ORDER = r"订单编?号?[:：\s]*(?P<found>\d{15,19})(?:\D|$)"


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return messages, conversations (one per buyer and day) and the accounts that spoke."""
    said = speech(raw)
    return {
        "messages": _messages(raw, said),
        "conversations": _conversations(raw, said),
        "agents": _agents(raw, said),
    }


def _messages(raw: pa.Table, said: Speech) -> pa.Table:
    text = pick(raw, "text")
    kind = _types(raw, text)
    state = pick(raw, "state")
    noted = where(pc.equal(kind, "system"), pick(raw, "note"))
    recalled = where(pc.equal(kind, "recall"), constant(raw, "撤回了一条消息"))
    system = pc.equal(kind, "system")
    told = pc.is_in(state, value_set=pa.array(["已读", "未读"]))
    return landed(
        raw,
        **{KEYED + "conv_id": said.conversation},
        sent_at=pick(raw, "time"),
        role=pc.if_else(system, "system", said.role),
        agent_id=said.agent_id,
        nick_masked=where(pc.equal(said.role, "buyer"), pick(raw, "nick")),
        type=kind,
        text=pc.coalesce(text, noted, recalled),
        product_ids=_product_ids(raw),
        urls=_urls(pick(raw, "links")),
        parsed=flag(pc.is_in(kind, value_set=pa.array(["text", "system", "recall"]))),
        is_auto_reply=flag(_is_auto_reply(text, said)),
        is_recalled=flag(pc.equal(kind, "recall")),
        is_read=where(told, flag(pc.equal(state, "已读"))),
    )


def _types(raw: pa.Table, text: pa.Array) -> pa.Array:
    links, price = pick(raw, "links"), pick(raw, "price")
    linked, priced = pc.is_valid(links), pc.is_valid(price)
    empty = pc.is_null(text)
    rules = {
        "recall": pc.equal(pick(raw, "recalled"), "true"),
        "voice": matches(text, _VOICE),
        "video": matches(text, _VIDEO),
        "card": pc.or_(priced, pc.fill_null(matches(text, _CARD), False)),
        "image": matches(text, _IMAGE),
        "link": pc.and_(linked, empty),
        "system": pc.and_(pc.is_valid(pick(raw, "note")), empty),
    }
    conditions = [pc.fill_null(condition, False) for condition in rules.values()]
    return pc.case_when(
        pc.make_struct(*conditions, field_names=list(rules)),
        *(pa.scalar(name) for name in rules),
        pa.scalar("text"),
    )


def _is_auto_reply(text: pa.Array, said: Speech) -> pa.Array:
    from_shop = pc.is_in(said.role, value_set=pa.array(["agent", "robot_auto", "system"]))
    return pc.and_(from_shop, pc.fill_null(matches(text, _AUTO_REPLY), False))


def _urls(links: pa.Array) -> pa.Array:
    plain = pc.replace_substring_regex(links, r'[`\s"\\]*\n[`\s"\\]*', "\n")
    plain = pc.replace_substring_regex(plain, r'^[`\s"\\]+|[`\s"\\]+$', "")
    listed = pc.replace_substring(plain, "\n", '", "')
    return pc.binary_join_element_wise('["', listed, '"]', "")


def _product_ids(raw: pa.Table) -> pa.Array:
    first = extract(pick(raw, "links"), _PRODUCT, "found")
    return pc.binary_join_element_wise('["', first, '"]', "")


def _conversations(raw: pa.Table, said: Speech) -> pa.Table:
    text, note = pick(raw, "text"), pick(raw, "note")
    by_hand = _by_hand(text, said)
    agent = where(by_hand, said.agent_id)
    table = landed(
        raw,
        **{KEYED + "conv_id": said.conversation},
        customer_key=legible(said.buyer),
        order_no=extract(text, _ORDER, "found"),
        product_id=extract(pick(raw, "links"), _PRODUCT, "found"),
        channel=constant(raw, "im"),
        started_at=said.time,
        ended_at=said.time,
        reception_type=_reception(by_hand, said),
        first_agent_id=agent,
        last_agent_id=agent,
        transfer_count=_transfers(note, said.conversation),
        transfer_reason=extract(note, _REASON, "found"),
    )
    return one_per(
        table,
        KEYED + "conv_id",
        least={"started_at"},
        greatest={"ended_at"},
        last={"last_agent_id"},
    )


def _by_hand(text: pa.Array, said: Speech) -> pa.Array:
    """Return whether a colleague wrote the message, not a machine in the shop's name."""
    return pc.and_(pc.equal(said.role, "agent"), pc.invert(_is_auto_reply(text, said)))


def _reception(by_hand: pa.Array, said: Speech) -> pa.Array:
    human = _anywhere(by_hand, said.conversation)
    robot = _anywhere(pc.equal(said.role, "robot_auto"), said.conversation)
    alone = pc.if_else(human, "human", where(robot, pa.repeat("robot", len(robot))))
    return pc.if_else(pc.and_(human, robot), "mixed", alone)


def _anywhere(condition: pa.Array, conversation: pa.Array) -> pa.Array:
    return pc.greater(_counted(condition, conversation), 0)


def _counted(condition: pa.Array, conversation: pa.Array) -> pa.Array:
    """Return, on every message, how many messages of its conversation meet the condition."""
    codes = conversation.dictionary_encode().indices.to_numpy()
    holds = np.asarray(pc.fill_null(condition, False), dtype=np.int64)
    totals = np.bincount(codes, weights=holds, minlength=1).astype(np.int64)
    return pa.array(totals[codes] if len(codes) else holds)


def _transfers(note: pa.Array, conversation: pa.Array) -> pa.Array:
    """Return how often one agent handed over to another; an assignment by a robot is none."""
    giver = extract(note, _HANDED_OVER, "from")
    by_agent = pc.invert(matches(giver, _BY_ROBOT))
    return pc.cast(_counted(by_agent, conversation), pa.string())


def _agents(raw: pa.Table, said: Speech) -> pa.Table:
    accounts = landed(
        raw,
        agent_id=said.agent_id,
        account=pick(raw, "nick"),
        display_name=said.agent_id,
        role=pc.if_else(pc.equal(said.role, "robot_auto"), "robot", "human"),
    )
    return one_per(known(accounts, "agent_id"), "agent_id")


CONNECTOR = Connector(
    label="千牛聊天记录（千牛客户端 → 聊天窗口 → 复制或导出为文本）",
    platform="taobao",
    header=frozenset(),
    convert=convert,
    text=TextFormat(recognises=recognises, rows=rows),
)
