"""Who speaks in a chat, to whom, and which messages make one conversation."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.intake.columns import extract, matches, pick, where

SUB_ACCOUNT = r"^(?P<main>[^:：]+)[:：](?P<sub>.+)$"
_SHOP = r"(旗舰店|专营店|专卖店|企业店|官方店|自营店|工厂店|旗舰|官方客服)$"
_ROBOT = "机器人|店小蜜|智能客服|小蜜"
_SYSTEM = r"^(服务助手|系统消息|系统提示|千牛|淘宝小二助手)$"

Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Speech:
    """One entry per message.

    Attributes:
        role: buyer, agent, robot_auto, system or unknown.
        agent_id: sub-account of an agent or robot.
        buyer: nick of the buyer the message is said by or to; personal.
        conversation: what makes a conversation: its buyer and day; personal, to be keyed.
        time: time of day of the message or, where it has none, of the one before, in ISO form.
    """

    role: pa.Array
    agent_id: pa.Array
    buyer: pa.Array
    conversation: pa.Array
    time: pa.Array


def speech(raw: pa.Table) -> Speech:
    """Read roles, buyers and conversations out of nicks, receivers and times."""
    nick = pick(raw, "nick")
    seconds = _filled_seconds(pick(raw, "time"))
    role = _roles(nick, pick(raw, "receiver"))
    buyer = _buyers(nick, pick(raw, "receiver"), role, seconds)
    serves = pc.is_in(role, value_set=pa.array(["agent", "robot_auto"]))
    time = pc.strftime(pa.array(seconds), format="%Y-%m-%d %H:%M:%S")
    return Speech(
        role=role,
        agent_id=where(serves, pc.coalesce(extract(nick, SUB_ACCOUNT, "sub"), nick)),
        buyer=buyer,
        conversation=_conversations(buyer, time),
        time=time,
    )


def _roles(nick: pa.Array, receiver: pa.Array) -> pa.Array:
    shops = pc.unique(
        pc.drop_null(
            pa.concat_arrays(
                [extract(nick, SUB_ACCOUNT, "main"), extract(receiver, SUB_ACCOUNT, "main")]
            )
        )
    )
    serves = _serves(nick, shops)
    anyone = pc.any(pc.or_(serves, pc.fill_null(_serves(receiver, shops), False))).as_py()
    other = "buyer" if anyone else "unknown"
    choices = pc.make_struct(
        pc.fill_null(matches(nick, _SYSTEM), False),
        pc.and_(serves, pc.fill_null(matches(nick, _ROBOT), False)),
        serves,
        field_names=["system", "robot", "agent"],
    )
    return pc.case_when(
        choices, pa.scalar("system"), pa.scalar("robot_auto"), pa.scalar("agent"), pa.scalar(other)
    )


def _serves(nick: pa.Array, shops: pa.Array) -> pa.Array:
    """Return whether a nick is a sub-account, a main account with one here, or a shop's name."""
    has_main = pc.is_valid(extract(nick, SUB_ACCOUNT, "main"))
    is_main = pc.is_in(nick, value_set=shops)
    return pc.fill_null(pc.or_(pc.or_(has_main, is_main), matches(nick, _SHOP)), False)


def _buyers(
    nick: pa.Array, receiver: pa.Array, role: pa.Array, seconds: NDArray[np.datetime64]
) -> pa.Array:
    """Return each message's buyer: its speaker, its receiver, else the nearest one.

    The nearest is the last buyer before, or the next one where the clock jumps back between the
    two, because then another conversation was pasted below.
    """
    speaks = pc.is_in(role, value_set=pa.array(["buyer", "unknown"]))
    said = pc.coalesce(where(speaks, nick), receiver)
    there = np.asarray(pc.is_valid(said))
    if not there.any():
        return said
    block = np.cumsum(np.r_[False, seconds[1:] < seconds[:-1]])
    at = np.arange(len(there))
    before = np.maximum.accumulate(np.where(there, at, -1))
    after = np.minimum.accumulate(np.where(there, at, len(there))[::-1])[::-1]
    usable = (before >= 0) & (block[before] == block)
    return said.take(
        pa.array(np.where(usable, before, np.where(after < len(there), after, before)))
    )


def _conversations(buyer: pa.Array, time: pa.Array) -> pa.Array:
    day = pc.fill_null(pc.utf8_slice_codeunits(time, 0, 10), "")
    return pc.binary_join_element_wise(pc.fill_null(buyer, ""), day, "|")


def _filled_seconds(times: pa.Array) -> NDArray[np.datetime64]:
    """Return the times of messages; one without a time has that of the message before it."""
    plain = pc.replace_substring(pc.replace_substring_regex(times, r"\s+", " "), "/", "-")
    parsed = pc.strptime(plain, format="%Y-%m-%d %H:%M:%S", unit="s", error_is_null=True)
    return np.asarray(pc.fill_null_forward(parsed), dtype="datetime64[s]")
