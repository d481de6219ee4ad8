"""平均响应时间: mean reply time of the rounds that a human did answer, without a cap (W57)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.shapes.chat import chat
from huisheng.metrics.window import SECOND_US, Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per round that starts in the window."""
    rounds = facts.relation("rounds")
    rounds = rounds.filter(window.holds(rounds.started_at))
    reason = ibis.cases(
        (rounds.closed_by.fill_null("") == "robot_auto", "robot_closed"),
        (~rounds.in_hours, "out_of_hours"),
        (rounds.reply_us.isnull(), "unreplied"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return rounds.select(
        "shop_id",
        "conv_id",
        "agent_id",
        case_id=rounds.conv_id,
        at=rounds.started_at,
        numerator=inside * rounds.reply_us.fill_null(0),
        denominator=inside,
        reason=reason,
        round_no=rounds.round_no,
        reply_sec=rounds.reply_us / SECOND_US,
    )


METRIC = Metric(
    label="平均响应时间",
    question="人工回复过的每一轮，平均让买家等了多久？",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    threshold=60,
    inputs=("messages",),
    reasons={
        "robot_closed": "由全自动机器人回复，不进人工指标",
        "out_of_hours": "不在 08:00–23:00 之间提问",
        "unreplied": "没有回复，不进平均（见未回复率）",
    },
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "W57；domain §1.8",
            cases,
            assumption="60 秒是行业常用目标，不是平台规则",
        ),
    ),
    proofs=(
        Proof(
            name="100 s and 900 s are averaged uncapped, the miss, the robot and the night are out",
            rows={
                "messages": chat(
                    ("c", "10:00:00", "buyer"),
                    ("c", "10:01:40", "agent"),
                    ("c", "10:05:00", "buyer"),
                    ("c", "10:20:00", "agent"),
                    ("c", "10:30:00", "agent"),
                    ("c", "22:59:59", "buyer"),
                    ("d", "23:00:00", "buyer"),
                    ("d", "23:00:01", "agent"),
                    ("e", "10:00:00", "buyer"),
                    ("e", "10:00:01", "robot_auto"),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=1000,
                denominator=2,
                value=500,
                excluded={"out_of_hours": 1, "robot_closed": 1, "unreplied": 1},
                counted={"c": True, "d": False, "e": False},
            ),
        ),
    ),
)
