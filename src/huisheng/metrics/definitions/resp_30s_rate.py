"""30秒应答率: conversations whose first question a human answered within 30 s (G2, G4)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.shapes.chat import chat
from huisheng.metrics.window import SECOND_US, Window

LIMIT_US = 30 * SECOND_US


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation whose first human round starts in the window."""
    first = facts.relation("first_questions")
    first = first.filter(window.holds(first.started_at))
    inside = first.in_hours.cast("int64")
    in_time = (first.reply_us <= LIMIT_US).fill_null(False)
    return first.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=first.conv_id,
        at=first.started_at,
        numerator=inside * in_time.cast("int64"),
        denominator=inside,
        reason=ibis.ifelse(first.in_hours, ibis.null("string"), "out_of_hours"),
        reply_sec=first.reply_us / SECOND_US,
    )


METRIC = Metric(
    label="30秒应答率",
    question="需要人工的会话，有多少在 30 秒内得到第一次回复？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("messages",),
    reasons={"out_of_hours": "首个问题不在 08:00–23:00 之间"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "G2；G4",
            cases,
            assumption="分母为 08:00–23:00 内需要人工回复的会话，没有回复的算未达标",
        ),
    ),
    proofs=(
        Proof(
            name="30 s sharp is in time, a miss is a miss, the robot asks nothing of a human",
            rows={
                "messages": chat(
                    ("a", "09:00:00", "buyer"),
                    ("a", "09:00:30", "agent"),
                    ("b", "09:00:00", "buyer"),
                    ("b", "09:00:31", "agent"),
                    ("b", "09:01:00", "buyer"),
                    ("b", "09:01:01", "agent"),
                    ("c", "22:59:59", "buyer"),
                    ("d", "09:00:00", "buyer"),
                    ("d", "09:00:01", "robot_auto"),
                    ("e", "23:00:00", "buyer"),
                    ("e", "23:00:01", "agent"),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=1,
                denominator=3,
                value=1 / 3,
                excluded={"out_of_hours": 1},
                counted={"a": True, "e": False},
            ),
        ),
    ),
)
