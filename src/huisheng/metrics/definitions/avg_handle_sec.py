"""平均会话时长: time a conversation kept a human busy, pauses over 30 min left out (§1.5)."""

import ibis

from huisheng.metrics.assumption import Assumption
from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import SECOND_US, Window

MINUTE_US = 60 * SECOND_US
LONGEST_PAUSE = Assumption(
    "longest_pause_minutes",
    "会话里多长的停顿不算处理时间",
    default=30,
    least=1,
    most=240,
    unit=" 分钟",
    source="没有平台公布过，30 分钟是本系统公布的",
)


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation whose first line lies in the window."""
    lines = facts.relation("spoken_lines")
    longest_us = facts.assumed(LONGEST_PAUSE) * MINUTE_US
    in_order = ibis.window(
        group_by=[lines.shop_id, lines.conv_id],
        order_by=[lines.sent_at, lines.seq, lines.msg_id],
    )
    spaced = lines.mutate(gap_us=lines.sent_at - lines.sent_at.lag().over(in_order))
    counted = (spaced.gap_us <= longest_us).fill_null(False)
    talks = spaced.group_by("shop_id", "conv_id").aggregate(
        at=spaced.sent_at.min(),
        busy_us=spaced.gap_us.sum(where=counted).fill_null(0),
        human=spaced.by_human.cast("int64").sum(),
        agent_id=spaced.agent_id.max(where=spaced.by_human),
    )
    talks = talks.filter(window.holds(talks["at"]))
    inside = (talks.human > 0).cast("int64")
    return talks.select(
        "shop_id",
        "conv_id",
        "agent_id",
        case_id=talks.conv_id,
        at=talks["at"],
        numerator=inside * talks.busy_us,
        denominator=inside,
        reason=ibis.ifelse(talks.human > 0, ibis.null("string"), "no_agent_reply"),
    )


def _talk(conv: str, *lines: tuple[str, str]) -> tuple[dict[str, str], ...]:
    return tuple(
        {"msg_id": f"{conv}{n}", "conv_id": conv, "sent_at": at, "role": role}
        for n, (at, role) in enumerate(lines)
    )


METRIC = Metric(
    label="平均会话时长",
    question="一个会话平均要客服花多少秒？",
    unit=Unit.SECONDS,
    better=Better.NEITHER,
    rollup=Rollup.MEAN,
    inputs=("messages",),
    assumptions=(LONGEST_PAUSE,),
    reasons={"no_agent_reply": "没有人工回复"},
    versions=(Version("2024", "2024-01-01", "domain §1.5", cases),),
    proofs=(
        Proof(
            name="a pause of 30 min counts, one second more does not; midnight does not cut",
            rows={
                "messages": (
                    *_talk(
                        "a",
                        ("2026-08-01 10:00:00", "buyer"),
                        ("2026-08-01 10:01:40", "agent"),
                        ("2026-08-01 10:31:40", "buyer"),
                        ("2026-08-01 11:01:41", "buyer"),
                        ("2026-08-01 11:01:51", "agent"),
                    ),
                    *_talk("b", ("2026-08-01 23:59:50", "buyer"), ("2026-08-02 00:00:10", "agent")),
                    *_talk("c", ("2026-08-01 10:00:00", "buyer")),
                    *_talk("d", ("2026-07-31 23:59:59", "buyer"), ("2026-08-01 00:00:10", "agent")),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=100 + 1800 + 10 + 20,
                denominator=2,
                value=965,
                excluded={"no_agent_reply": 1},
                counted={"a": True, "c": False},
            ),
        ),
    ),
)
