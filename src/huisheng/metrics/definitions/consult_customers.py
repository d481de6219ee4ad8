"""咨询人数: customers who asked something, each once a day (W58)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer and local day on which they asked."""
    days = facts.relation("customer_days")
    days = days.filter(window.holds(days.at))
    return days.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "reception_type",
        "partial",
        case_id=days.customer_day,
        at=days.at,
        numerator=ibis.literal(1, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
    )


def _lines(conv: str, *ats: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {"msg_id": conv + at, "conv_id": conv, "sent_at": f"2026-08-{at}", "role": "buyer"}
        for at in ats
    )


METRIC = Metric(
    label="咨询人数",
    question="每天有多少顾客来问（一位顾客一天算一次）？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    inputs=("conversations", "messages"),
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W58；G28",
            cases,
            assumption="按顾客与自然日去重；没有顾客标识的会话，一个会话算一位顾客",
        ),
    ),
    proofs=(
        Proof(
            name="once a day, both days of a talk across midnight; nobody asked, nobody counts",
            rows={
                "conversations": tuple(
                    {
                        "conv_id": conv,
                        "customer_key": customer,
                        "started_at": "2026-08-01 09:00:00",
                    }
                    for conv, customer in (("a", "k1"), ("b", "k1"), ("c", "k2"), ("d", "k3"))
                ),
                "messages": (
                    *_lines("a", "01 09:00:00", "01 23:59:59", "02 00:00:00"),
                    *_lines("b", "01 12:00:00"),
                    *_lines("c", "03 00:00:00"),
                    {
                        "msg_id": "x",
                        "conv_id": "d",
                        "sent_at": "2026-08-01 09:00:00",
                        "role": "agent",
                    },
                ),
            },
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(
                numerator=2,
                denominator=2,
                value=2,
                counted={"k1|2026-08-01": True, "k1|2026-08-02": True},
            ),
        ),
    ),
)
