"""旺旺人工平均响应时长: mean reply time of rounds that needed a human, capped at 600 s (W5)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.shapes.chat import chat
from huisheng.metrics.window import SECOND_US, Window

CAP_US = 600 * SECOND_US


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per round that starts in the window; an unanswered one costs 600 s."""
    rounds = facts.relation("rounds")
    rounds = rounds.filter(window.holds(rounds.started_at))
    reason = ibis.cases(
        (rounds.closed_by.fill_null("") == "robot_auto", "robot_closed"),
        (~rounds.in_hours, "out_of_hours"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return rounds.select(
        "shop_id",
        "conv_id",
        "agent_id",
        case_id=rounds.conv_id,
        at=rounds.started_at,
        numerator=inside * ibis.least(rounds.reply_us.fill_null(CAP_US), CAP_US),
        denominator=inside,
        reason=reason,
        round_no=rounds.round_no,
        reply_sec=rounds.reply_us / SECOND_US,
    )


METRIC = Metric(
    label="旺旺人工平响时长",
    question="买家开口以后，平均要等人工多少秒？",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("messages",),
    reasons={
        "robot_closed": "由全自动机器人回复，不进人工指标",
        "out_of_hours": "不在 08:00–23:00 之间提问",
    },
    versions=(Version("2022", "2022-07-01", "W5；domain §1.8", cases),),
    proofs=(
        Proof(
            name="the worked example of domain §1.8: (100 + 270 + 600) / 3",
            rows={
                "messages": chat(
                    ("c", "10:00:00", "buyer"),
                    ("c", "10:00:20", "buyer"),
                    ("c", "10:01:40", "agent"),
                    ("c", "10:05:00", "buyer"),
                    ("c", "10:09:30", "agent"),
                    ("c", "22:58:00", "buyer"),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(numerator=970, denominator=3, value=970 / 3, counted={"c": True}),
        ),
        Proof(
            name="600 s and 601 s cost the same; 22:59:59 is in, 23:00:00 and the robot are out",
            rows={
                "messages": chat(
                    ("a", "09:00:00", "buyer"),
                    ("a", "09:10:00", "agent"),
                    ("b", "09:00:00", "buyer"),
                    ("b", "09:10:01", "robot_assist"),
                    ("d", "22:59:59", "buyer"),
                    ("d", "23:00:09", "agent"),
                    ("e", "23:00:00", "buyer"),
                    ("f", "09:00:00", "buyer"),
                    ("f", "09:00:01", "robot_auto"),
                    ("g", "2026-08-02 08:00:00", "buyer"),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=1210,
                denominator=3,
                excluded={"out_of_hours": 1, "robot_closed": 1},
                counted={"d": True, "e": False, "f": False},
            ),
        ),
        Proof(
            name="a robot alone leaves nothing to measure",
            rows={"messages": chat(("c", "10:00:00", "buyer"), ("c", "10:00:01", "robot_auto"))},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
