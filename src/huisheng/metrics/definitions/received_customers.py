"""接待人数: customers whom an agent answered, each once per agent and day (W58)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per customer, local day and agent who answered them."""
    receptions = facts.relation("receptions")
    receptions = receptions.filter(window.holds(receptions["at"]))
    return receptions.select(
        "shop_id",
        "conv_id",
        "agent_id",
        "channel",
        "partial",
        case_id=receptions.reception,
        at=receptions["at"],
        numerator=ibis.literal(1, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
    )


_TALKS = (
    ("a", "2026-08-01 09:00:00", "buyer", None),
    ("a", "2026-08-01 09:00:10", "agent", "x"),
    ("a", "2026-08-01 09:01:00", "buyer", None),
    ("a", "2026-08-01 09:01:10", "agent", "y"),
    ("b", "2026-08-01 23:59:00", "buyer", None),
    ("b", "2026-08-02 00:00:00", "robot_assist", "x"),
    ("c", "2026-08-01 09:00:00", "buyer", None),
    ("c", "2026-08-01 09:00:10", "robot_auto", "bot"),
    ("d", "2026-08-01 09:00:00", "agent", "x"),
)

METRIC = Metric(
    label="接待人数",
    question="每位客服每天接待了多少顾客？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.SUM,
    inputs=("messages", "conversations"),
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W58；G28",
            cases,
            assumption="按客服与日计：一位顾客一天由两位客服接待算两次；主动发消息不算接待",
        ),
    ),
    proofs=(
        Proof(
            name="two agents are two receptions, a robot and an unasked line none",
            rows={
                "conversations": tuple(
                    {"conv_id": conv, "customer_key": "k", "started_at": "2026-08-01 09:00:00"}
                    for conv in "abcd"
                ),
                "messages": tuple(
                    {
                        "msg_id": f"{n}",
                        "conv_id": conv,
                        "sent_at": at,
                        "role": role,
                        "agent_id": agent,
                    }
                    for n, (conv, at, role, agent) in enumerate(_TALKS)
                ),
            },
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(
                numerator=3,
                value=3,
                counted={
                    "k|2026-08-01|x": True,
                    "k|2026-08-01|y": True,
                    "k|2026-08-02|x": True,
                },
            ),
        ),
    ),
)
