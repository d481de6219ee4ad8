"""首次响应时间: how long a conversation's first question waited for a human (conventions 8)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.shapes.chat import chat
from huisheng.metrics.window import SECOND_US, Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation whose first human round starts in the window."""
    first = facts.relation("first_questions")
    first = first.filter(window.holds(first.started_at))
    reason = ibis.cases(
        (~first.in_hours, "out_of_hours"),
        (first.reply_us.isnull(), "unreplied"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return first.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=first.conv_id,
        at=first.started_at,
        numerator=inside * first.reply_us.fill_null(0),
        denominator=inside,
        reason=reason,
        reply_sec=first.reply_us / SECOND_US,
    )


METRIC = Metric(
    label="首次响应时间",
    question="会话里第一个需要人工的问题，等了多久才有人回？",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    threshold=30,
    inputs=("messages",),
    reasons={
        "out_of_hours": "首个问题不在 08:00–23:00 之间",
        "unreplied": "首个问题没有人工回复",
    },
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S0；W57；domain §1.8",
            cases,
            assumption="30 秒是行业常用目标，不是平台规则；转接后的计时仍从提问起算",
        ),
    ),
    proofs=(
        Proof(
            name="the worked example of domain §1.8: 100 s",
            rows={
                "messages": chat(
                    ("c", "10:00:00", "buyer"),
                    ("c", "10:00:20", "buyer"),
                    ("c", "10:01:40", "agent"),
                    ("c", "10:05:00", "buyer"),
                    ("c", "10:09:30", "agent"),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(numerator=100, denominator=1, value=100),
        ),
        Proof(
            name="after the robot a human; unanswered or out-of-hours first questions are left out",
            rows={
                "messages": chat(
                    ("a", "09:00:00", "buyer"),
                    ("a", "09:00:02", "robot_auto"),
                    ("a", "09:01:00", "buyer"),
                    ("a", "09:01:20", "agent"),
                    ("b", "09:00:00", "buyer"),
                    ("d", "07:59:59", "buyer"),
                    ("d", "08:00:10", "agent"),
                    ("d", "08:01:00", "buyer"),
                    ("d", "08:01:01", "agent"),
                    ("e", "22:59:59", "buyer"),
                    ("e", "23:00:19", "agent"),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=40,
                denominator=2,
                value=20,
                excluded={"out_of_hours": 1, "unreplied": 1},
                counted={"a": True, "b": False, "d": False, "e": True},
            ),
        ),
        Proof(
            name="only unanswered questions: no value",
            rows={"messages": chat(("b", "09:00:00", "buyer"))},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(denominator=0, no_value=True, excluded={"unreplied": 1}),
        ),
    ),
)
