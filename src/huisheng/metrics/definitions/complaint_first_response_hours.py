"""投诉首次响应时间: from raised to the first human answer (S2:4, FM11)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per complaint raised in the window."""
    tickets = facts.table("tickets")
    tickets = tickets.filter((tickets.type == "complaint") & window.holds(tickets.created_at))
    took_us = tickets.first_response_at - tickets.created_at
    reason = ibis.cases(
        (took_us.isnull(), "no_response"),
        (took_us < 0, "answered_before_created"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return tickets.select(
        "shop_id",
        "order_no",
        "product_id",
        "conv_id",
        "level",
        "channel",
        case_id=tickets.ticket_no,
        at=tickets.created_at,
        numerator=inside * took_us.fill_null(0),
        denominator=inside,
        reason=reason,
        agent_id=tickets.owner,
        ticket_type=tickets.type,
    )


def _ticket(
    ticket_no: str, created: str, answered: str | None, **cells: str
) -> dict[str, str | None]:
    return {
        "ticket_no": ticket_no,
        "type": "complaint",
        "created_at": created,
        "first_response_at": answered,
        **cells,
    }


METRIC = Metric(
    label="投诉首次响应时间",
    question="一件投诉提出以后，多少小时才有人第一次回应？",
    unit=Unit.HOURS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    threshold=0.5,
    inputs=("tickets",),
    reasons={"no_response": "还没有回应", "answered_before_created": "回应早于创建"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S2:4；FM11",
            cases,
            assumption="按投诉提出的时间归期；没有回应的不进平均，在剔除数里；半小时是本系统建议",
        ),
    ),
    proofs=(
        Proof(
            name="answered complaints of the window, the unanswered beside them",
            rows={
                "tickets": (
                    _ticket("a", "2026-08-01 00:00:00", "2026-08-01 00:30:00"),
                    _ticket("b", "2026-08-30 23:59:59", "2026-08-31 02:29:59"),
                    _ticket("c", "2026-08-02 00:00:00", None),
                    _ticket("d", "2026-08-02 00:00:01", "2026-08-02 00:00:00"),
                    _ticket("e", "2026-08-31 00:00:00", "2026-08-31 01:00:00"),
                    _ticket("f", "2026-08-02 00:00:00", "2026-08-02 09:00:00", type="exchange"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=2,
                value=1.5,
                excluded={"answered_before_created": 1, "no_response": 1},
                counted={"a": True, "c": False},
            ),
        ),
    ),
)
