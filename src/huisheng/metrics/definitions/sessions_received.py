"""接待会话量: conversations in which a human really said something (G1, G3)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation started in the window."""
    sessions = facts.relation("session_customers")
    sessions = sessions.filter(window.holds(sessions.started_at))
    lines = facts.relation("spoken_lines")
    spoke = lines.filter(lines.by_human).select("shop_id", "conv_id").distinct()
    joined = sessions.left_join(spoke.mutate(spoke=ibis.literal(True)), ["shop_id", "conv_id"])
    reason = ibis.cases(
        (joined.spoke.fill_null(False), ibis.null("string")),
        (joined.has_messages, "no_agent_reply"),
        else_="no_messages",
    )
    return joined.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=joined.conv_id,
        at=joined.started_at,
        numerator=reason.isnull().cast("int64"),
        denominator=joined.has_messages.cast("int64"),
        reason=reason,
    )


def _line(conv: str, role: str, **cells: str | bool) -> dict[str, str | bool]:
    return {
        "msg_id": conv + role,
        "conv_id": conv,
        "sent_at": "2026-08-01 10:00:00",
        "role": role,
        **cells,
    }


METRIC = Metric(
    label="接待会话量",
    question="有人工回复的会话有多少？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    counts_events=True,
    inputs=("conversations", "messages"),
    reasons={"no_agent_reply": "没有人工回复", "no_messages": "只有会话，没有聊天记录"},
    versions=(Version("2024", "2024-01-01", "G1；G3", cases),),
    proofs=(
        Proof(
            name="an agent or an assisted line; automatic, recalled and robot lines receive nobody",
            rows={
                "conversations": (
                    {"conv_id": "listed", "started_at": "2026-08-01 10:00:00"},
                    {"conv_id": "old", "started_at": "2026-07-31 23:59:59"},
                ),
                "messages": (
                    _line("a", "buyer"),
                    _line("a", "agent"),
                    _line("b", "robot_assist"),
                    _line("c", "robot_auto"),
                    _line("d", "buyer"),
                    _line("d", "agent", is_auto_reply=True),
                    _line("e", "buyer"),
                    _line("e", "agent", is_recalled=True),
                    _line("old", "agent"),
                ),
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=2,
                denominator=5,
                value=2,
                excluded={"no_agent_reply": 3, "no_messages": 1},
                counted={"a": True, "b": True, "c": False, "listed": False},
            ),
        ),
    ),
)
