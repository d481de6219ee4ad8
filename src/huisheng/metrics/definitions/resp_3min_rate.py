"""3分钟人工响应率: rounds between 08:00 and 23:00 that a human answered within 180 s (W6)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import SECOND_US, Window
from huisheng.records import Row

LIMIT_US = 180 * SECOND_US


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per round that starts in the window; its reply may come after 23:00."""
    rounds = facts.relation("rounds")
    rounds = rounds.filter(window.holds(rounds.started_at))
    reason = ibis.cases(
        (rounds.closed_by.fill_null("") == "robot_auto", "robot_closed"),
        (~rounds.in_hours, "out_of_hours"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    in_time = (rounds.reply_us <= LIMIT_US).fill_null(False)
    return rounds.select(
        "shop_id",
        "conv_id",
        "agent_id",
        case_id=rounds.conv_id,
        at=rounds.started_at,
        numerator=inside * in_time.cast("int64"),
        denominator=inside,
        reason=reason,
        round_no=rounds.round_no,
        reply_sec=rounds.reply_us / SECOND_US,
    )


_D = "2026-08-01 "
WORKED_EXAMPLE: tuple[Row, ...] = tuple(
    {
        "msg_id": f"m{number}",
        "conv_id": "c",
        "seq": number,
        "sent_at": _D + time,
        "role": role,
        "text": text,
        "is_auto_reply": role == "robot_auto",
    }
    for number, (time, role, text) in enumerate(
        (
            ("10:00:00", "buyer", "在吗"),
            ("10:00:01", "robot_auto", "您好"),
            ("10:00:20", "buyer", "这款有货吗"),
            ("10:01:40", "agent", "有的"),
            ("10:05:00", "buyer", "几时发"),
            ("10:09:30", "agent", "今天"),
            ("22:58:00", "buyer", "发了吗"),
        )
    )
)

METRIC = Metric(
    label="3分钟人工响应率",
    question="买家每次开口，有多少次在三分钟内得到人工回复？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=0.95,
    inputs=("messages",),
    reasons={
        "robot_closed": "由全自动机器人回复，不进人工指标",
        "out_of_hours": "不在 08:00–23:00 之间提问",
    },
    versions=(Version("2025", "2025-06-01", "W6；domain §1.8", cases),),
    proofs=(
        Proof(
            name="the worked example of domain §1.8",
            rows={"messages": WORKED_EXAMPLE},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(numerator=1, denominator=3, value=1 / 3, quality="low_sample"),
        ),
        Proof(
            name="exactly 180 s is in time; 07:59:59 and 23:00:00 are out; a late reply is judged",
            rows={
                "messages": (
                    {"msg_id": "1", "conv_id": "a", "sent_at": _D + "09:00:00", "role": "buyer"},
                    {"msg_id": "2", "conv_id": "a", "sent_at": _D + "09:03:00", "role": "agent"},
                    {"msg_id": "3", "conv_id": "b", "sent_at": _D + "07:59:59", "role": "buyer"},
                    {"msg_id": "4", "conv_id": "b", "sent_at": _D + "08:00:30", "role": "agent"},
                    {"msg_id": "5", "conv_id": "d", "sent_at": _D + "23:00:00", "role": "buyer"},
                    {"msg_id": "6", "conv_id": "e", "sent_at": _D + "22:59:59", "role": "buyer"},
                    {"msg_id": "7", "conv_id": "e", "sent_at": _D + "23:01:00", "role": "agent"},
                    {"msg_id": "8", "conv_id": "f", "sent_at": _D + "09:00:00", "role": "buyer"},
                    {
                        "msg_id": "9",
                        "conv_id": "f",
                        "sent_at": _D + "09:00:01",
                        "role": "robot_auto",
                    },
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=2, denominator=2, excluded={"out_of_hours": 2, "robot_closed": 1}
            ),
        ),
    ),
)
