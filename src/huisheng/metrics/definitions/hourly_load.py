"""高峰时段: conversations by hour of their start; the value is the busiest hour (S2)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.relations.sessions import started_in
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation started in the window."""
    sessions = started_in(facts, window)
    return sessions.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=sessions.conv_id,
        at=sessions.started_at,
        numerator=ibis.literal(1, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
    )


def _talks(*starts: str) -> tuple[dict[str, str], ...]:
    return tuple({"conv_id": f"c{n}", "started_at": at} for n, at in enumerate(starts))


METRIC = Metric(
    label="高峰时段会话量",
    question="一天里最忙的那个小时，有多少会话涌进来？",
    unit=Unit.COUNT,
    better=Better.NEITHER,
    rollup=Rollup.PEAK,
    inputs=("conversations", "messages"),
    versions=(Version("2024", "2024-01-01", "S2；domain §1.4", cases),),
    proofs=(
        Proof(
            name="20:00–20:59 on two days is one hour of three; 21:00 begins the next",
            rows={
                "conversations": _talks(
                    "2026-08-01 20:00:00",
                    "2026-08-01 20:59:59",
                    "2026-08-02 20:30:00",
                    "2026-08-02 21:00:00",
                    "2026-08-02 19:59:59",
                    "2026-08-03 20:00:00",
                )
            },
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(numerator=3, denominator=5, value=3, counted={"c0": True}),
        ),
        Proof(
            name="no conversation, no peak",
            rows={"conversations": _talks("2026-08-03 20:00:00")},
            window=("2026-08-01", "2026-08-02"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
