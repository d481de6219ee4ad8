"""旺旺回复率: customers who asked on a day and were answered that day, by robot or human (W26)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window
from huisheng.records import Row


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer and local day on which they asked."""
    days = facts.relation("customer_days")
    days = days.filter(window.holds(days.at))
    reason = ibis.ifelse(days.has_messages, ibis.null("string"), "no_messages")
    inside = days.has_messages.cast("int64")
    replied = (days.last_reply_at >= days.at).fill_null(False)
    return days.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "reception_type",
        "partial",
        case_id=days.customer_day,
        at=days.at,
        numerator=inside * replied.cast("int64"),
        denominator=inside,
        reason=reason,
    )


def _talk(conv: str, *lines: tuple[str, str]) -> tuple[dict[str, str | bool], ...]:
    return tuple(
        {
            "msg_id": f"{conv}{n}",
            "conv_id": conv,
            "sent_at": at,
            "role": role,
            "is_auto_reply": role == "auto",
        }
        for n, (at, role) in enumerate(lines)
    )


_ROWS: dict[str, tuple[Row, ...]] = {
    "conversations": tuple(
        {"conv_id": conv, "customer_key": f"k{conv}", "started_at": "2026-08-01 09:00:00"}
        for conv in "abcdef"
    ),
    "messages": (
        *_talk("a", ("2026-08-01 09:00:00", "buyer"), ("2026-08-01 23:59:59", "agent")),
        *_talk("b", ("2026-08-01 09:00:00", "buyer"), ("2026-08-01 09:00:01", "robot_auto")),
        *_talk("c", ("2026-08-01 09:00:00", "buyer"), ("2026-08-02 00:00:00", "agent")),
        *_talk("d", ("2026-08-01 08:00:00", "agent"), ("2026-08-01 09:00:00", "buyer")),
        *_talk("e", ("2026-08-01 08:00:00", "agent")),
    ),
}

METRIC = Metric(
    label="旺旺回复率",
    question="当天来问的顾客，有多少当天得到了回复（机器人或人工）？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("messages", "conversations"),
    reasons={"no_messages": "只有会话，没有聊天记录"},
    versions=(
        Version(
            "2021",
            "2021-01-01",
            "W26",
            cases,
            assumption="按顾客与自然日去重；没有顾客标识的会话，一个会话算一位顾客",
        ),
    ),
    proofs=(
        Proof(
            name="until midnight; a robot's answer counts, an earlier or a next day's does not",
            rows=_ROWS,
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=2,
                denominator=4,
                value=0.5,
                excluded={"no_messages": 1},
                counted={"ka|2026-08-01": True, "kf|2026-08-01": False},
            ),
        ),
        Proof(
            name="customers unknown: each conversation stands for one, and the input is partial",
            rows={"messages": _ROWS["messages"]},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(numerator=2, denominator=4, quality="partial_input"),
        ),
    ),
)
