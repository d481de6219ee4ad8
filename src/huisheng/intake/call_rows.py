"""Conversations that no chat window held: telephone calls and help that buyers took themselves."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.agent_rows import sub_account
from huisheng.intake.columns import (
    constant,
    extract,
    joined,
    known,
    landed,
    matches,
    one_per,
    per_distinct,
    pick,
    recode,
    where,
)
from huisheng.intake.connector import KEYED
from huisheng.intake.kinds.instants import parse_instant
from huisheng.intake.kinds.numbers import parse_number

_ORDER = r"(?:^|\D)(?P<found>\d{15,19})(?:\D|$)"
_MISSED = "未接|未接通|无人接听|放弃|挂断|忙|漏接|失败|拒接"
_OUTBOUND = "呼出|外呼|去电|回访"
_RESULT = (("未解决|没有解决", "unresolved"), ("已?解决|完成|成功", "resolved"))
_RESOLVED = pa.array(["resolved"])
_SECOND_US = 1_000_000


def phone_rows(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return calls as `conversations`, what was noted of each as a line, and who took them.

    A call is one conversation of the channel `phone`. Its note (or transcript) lands as a `system`
    line: nobody typed it, so it must neither open nor close a round, which are what the platform's
    reply rates count. The score a caller keyed in is no 旺旺 rating and stays in `ext`. The other
    end's number becomes the customer's pseudonym; no number is stored.
    """
    outbound = pc.fill_null(matches(pick(raw, "呼叫类型", "通话类型"), _OUTBOUND), False)
    caller, called = pick(raw, "主叫号码", "主叫"), pick(raw, "被叫号码", "被叫")
    number = pc.if_else(outbound, called, caller)
    started = pick(raw, "开始时间", "呼叫时间", "呼入时间", "来电时间")
    note = pick(raw, "通话小结", "小结", "通话记录", "转写文本", "备注")
    ringing, talking = pick(raw, "振铃时长", "等待时长"), pick(raw, "通话时长", "通话时长(秒)")
    agent = sub_account(pick(raw, "坐席", "坐席姓名", "坐席工号", "客服"))
    taken = _taken(raw, talking)
    named = _named("phone", pick(raw, "通话ID", "呼叫ID", "录音编号", "通话编号"))
    made = {KEYED + "conv_id": joined("|", number, started)}
    conversations = landed(
        raw,
        conv_id=named,
        **made,
        customer_key=number,
        order_no=pc.coalesce(pick(raw, "订单编号", "订单号"), extract(note, _ORDER, "found")),
        channel=constant(raw, "phone"),
        started_at=started,
        ended_at=pc.coalesce(pick(raw, "结束时间", "挂断时间"), after(started, ringing, talking)),
        reception_type=where(taken, constant(raw, "human")),
        first_agent_id=where(taken, agent),
        last_agent_id=where(taken, agent),
        **{
            "ext.呼叫类型": pc.if_else(outbound, "呼出", "呼入"),
            "ext.振铃秒": _whole_seconds(ringing),
            "ext.通话秒": _whole_seconds(talking),
            "ext.接听状态": pick(raw, "接听状态", "通话状态", "呼叫结果"),
            "ext.来电评分": pick(raw, "满意度", "来电评价", "服务评分"),
        },
    )
    notes = landed(
        raw, conv_id=named, **made, seq=constant(raw, "0"), sent_at=started,
        role=constant(raw, "system"), agent_id=agent, type=constant(raw, "system"), text=note,
        parsed=constant(raw, "true"),
    )  # fmt: skip
    accounts = landed(raw, agent_id=agent, account=agent, display_name=agent)
    return {
        "conversations": conversations,
        "messages": known(notes, "text"),
        "agents": known(one_per(accounts, "agent_id"), "agent_id"),
    }


def self_service_rows(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return what buyers did without a colleague as `conversations`, and what they typed.

    A use is one conversation of the channel `self_service` and of no reception type. What was typed
    and what a program answered land as `system` lines: as lines of a buyer and a robot they would
    make it a conversation of the robot, and so part of the share that robots hand over, or a buyer
    whom nobody answered.
    """
    started = pick(raw, "开始时间", "操作时间", "进入时间")
    stayed = pick(raw, "停留时长", "使用时长", "时长")
    buyer = pick(raw, "买家昵称", "买家会员名", "用户ID")
    service = pick(raw, "自助服务项", "自助类型")
    named = _named("self", pick(raw, "记录编号", "自助单号", "流水号"))
    made = {KEYED + "conv_id": joined("|", buyer, started, service)}
    result = recode(pick(raw, "处理结果", "办理结果", "是否解决"), _RESULT)
    conversations = landed(
        raw,
        conv_id=named,
        **made,
        customer_key=buyer,
        order_no=pick(raw, "订单编号", "订单号"),
        product_id=pick(raw, "商品ID", "宝贝ID"),
        channel=constant(raw, "self_service"),
        started_at=started,
        ended_at=pc.coalesce(pick(raw, "结束时间", "完成时间"), after(started, stayed)),
        result=where(pc.is_in(result, value_set=_RESOLVED), result),
        **{
            "ext.自助服务项": service,
            "ext.停留秒": _whole_seconds(stayed),
            "ext.转人工": pick(raw, "是否转人工", "转人工"),
            "ext.处理结果": pick(raw, "处理结果", "办理结果", "是否解决"),
        },
    )
    asked, answered = (
        pick(raw, "用户问题", "咨询内容", "输入内容"),
        pick(raw, "自助答案", "回答内容"),
    )
    system = constant(raw, "system")
    lines = [
        landed(
            raw, conv_id=named, **made, seq=constant(raw, seq), sent_at=started, role=system,
            type=system, text=text, parsed=constant(raw, "true"),
        )
        for seq, text in (("0", asked), ("1", answered))
    ]  # fmt: skip
    return {
        "conversations": conversations,
        "messages": known(pa.concat_tables(lines), "text"),
    }


def after(started: pa.Array, *durations: pa.Array) -> pa.Array:
    """Return local times that come after others by one or more durations (`2分30秒`, `150`).

    Null where the start cannot be read or no duration is told.
    """
    times = parse_instant(started, 0).values
    seconds = [parse_number(duration).values for duration in durations]
    told = pc.coalesce(*seconds)
    summed = pc.cast(pa.nulls(len(started), pa.float64()), pa.float64())
    summed = pc.fill_null(summed, 0.0)
    for each in seconds:
        summed = pc.add(summed, pc.fill_null(each, 0.0))
    moved = pc.add(times, pc.cast(pc.round(pc.multiply(summed, _SECOND_US)), pa.int64()))
    written = pc.strftime(pc.cast(moved, pa.timestamp("us")), format="%Y-%m-%d %H:%M:%S")
    whole = pc.replace_substring_regex(written, r"\.\d+$", "")
    return where(pc.is_valid(told), whole)


def _whole_seconds(durations: pa.Array) -> pa.Array:
    read = parse_number(durations).values
    return pc.cast(pc.cast(pc.round(read), pa.int64()), pa.string())


def _taken(raw: pa.Table, talking: pa.Array) -> pa.Array:
    """Return whether somebody answered: as the list says, else whether any talking was timed."""
    said = matches(pick(raw, "接听状态", "通话状态", "呼叫结果"), _MISSED)
    timed = pc.greater(parse_number(talking).values, 0)
    return pc.fill_null(pc.coalesce(pc.invert(said), timed), False)


def _named(kind: str, numbers: pa.Array) -> pa.Array:
    """Return the key of a log's own number, which may equal a chat's, so the channel leads."""
    return per_distinct(numbers, lambda each: pc.binary_join_element_wise(kind, each, "-"))
