"""答问比: lines that humans said per line that buyers said (G26)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation with lines in the window: human lines over buyer lines."""
    lines = facts.relation("spoken_lines")
    lines = lines.filter(window.holds(lines.sent_at))
    talks = lines.group_by("shop_id", "conv_id").aggregate(
        at=lines.sent_at.min(),
        asked=lines.asks.cast("int64").sum(),
        answered=lines.by_human.cast("int64").sum(),
        robot=(~lines.asks & ~lines.by_human).cast("int64").sum(),
        agent_id=lines.agent_id.max(where=lines.by_human),
    )
    reason = ibis.cases(
        ((talks.answered == 0) & (talks.robot > 0), "robot_only"),
        (talks.asked == 0, "nobody_asked"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return talks.select(
        "shop_id",
        "conv_id",
        "agent_id",
        case_id=talks.conv_id,
        at=talks["at"],
        numerator=inside * talks.answered,
        denominator=inside * talks.asked,
        reason=reason,
    )


def _talk(conv: str, roles: str, day: int = 1) -> tuple[dict[str, str], ...]:
    """Return lines of buyers (b), agents (a), assisted (s) and robots (r), a minute apart."""
    names = {"b": "buyer", "a": "agent", "s": "robot_assist", "r": "robot_auto"}
    return tuple(
        {
            "msg_id": f"{conv}{day}{n}",
            "conv_id": conv,
            "sent_at": f"2026-08-0{day} 10:0{n}:00",
            "role": names[role],
        }
        for n, role in enumerate(roles)
    )


METRIC = Metric(
    label="答问比",
    question="买家每说一句，客服回几句？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=1.2,
    inputs=("messages",),
    reasons={"robot_only": "只有机器人接待", "nobody_asked": "买家没有说话"},
    versions=(
        Version("2024", "2024-01-01", "G26", cases, assumption="1.2 是行业常用目标，不是平台规则"),
    ),
    proofs=(
        Proof(
            name="Σ lines over Σ lines, not a mean of ratios; an unanswered talk weighs in",
            rows={
                "messages": (
                    *_talk("a", "baas"),
                    *_talk("b", "bb"),
                    *_talk("c", "brb"),
                    *_talk("d", "aa"),
                    *_talk("a", "bba", 2),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=3,
                denominator=3,
                value=1,
                excluded={"nobody_asked": 1, "robot_only": 1},
                counted={"a": True, "b": True, "c": False},
            ),
        ),
        Proof(
            name="robots alone give no ratio",
            rows={"messages": _talk("c", "brb")},
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
