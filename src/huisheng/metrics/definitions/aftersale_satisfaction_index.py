"""售后满意度指数: our published 0–100 composite of five after-sales outcomes (S2:8, FM10)."""

import ibis

from huisheng.metrics.assumption import Assumption
from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def _weight(component: str, label: str, default: int) -> Assumption:
    return Assumption(
        f"aftersale_index_{component}",
        f"售后满意度指数：{label}的权重",
        default=default,
        least=0,
        most=100,
        unit="",
        source="S2:8 只有名称没有公式，权重是本系统公布的",
    )


WEIGHTS = {
    "csat": _weight("csat", "售后评价", 4),
    "solved_at_once": _weight("solved_at_once", "一次解决", 2),
    "on_time": _weight("on_time", "时效达标", 2),
    "first_complaint": _weight("first_complaint", "没有再次投诉", 1),
    "calm": _weight("calm", "情绪没有升级", 1),
}
FULL = 100
SATISFIED_STARS = 4
ANGRY = 3
TICKETS = (
    "return_refund", "exchange", "parts_resend", "repair", "complaint", "internal_complaint",
    "product_issue",
)  # fmt: skip


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per outcome observed in the window: 100 × weight if good, over its weight.

    A ratio is never averaged, so the composite is Σ weight · good / Σ weight over all outcomes,
    not a mean of five rates: it rolls up over shops, agents and days like any other metric.
    """
    tickets = facts.table("tickets")
    tickets = tickets.filter(tickets.type.isin(TICKETS))
    closed = tickets.filter(window.holds(tickets.closed_at))
    due = closed.filter(closed.due_at.notnull())
    parts = (
        _ratings(facts, window),
        _of_tickets(
            facts, closed, "solved_at_once", closed.reopened_count.fill_null(0) == 0, "reopened"
        ),
        _of_tickets(facts, due, "on_time", due.closed_at <= due.due_at, "overdue"),
        _complaints(facts, tickets, window),
        _talks(facts, window),
    )
    return ibis.union(*parts)


def _outcomes(
    facts: Facts,
    rows: ibis.Table,
    component: str,
    good: ibis.Value,
    why_not: str,
    columns: tuple[str, str, str, str],
) -> ibis.Table:
    """Return the cases of one component; `columns` name case_id, at, conv_id and agent_id."""
    case_id, at, conv_id, agent_id = columns
    weight = facts.assumed(WEIGHTS[component])
    return rows.select(
        "shop_id",
        "order_no",
        conv_id=rows[conv_id],
        agent_id=rows[agent_id],
        case_id=rows[case_id],
        at=rows[at],
        numerator=good.cast("int64") * (weight * FULL),
        denominator=ibis.literal(weight, "int64"),
        reason=ibis.ifelse(good, ibis.null("string"), why_not),
        component=ibis.literal(component),
    )


def _ratings(facts: Facts, window: Window) -> ibis.Table:
    ratings = facts.relation("rating_stars")
    ratings = ratings.filter(
        (ratings.subject == "aftersale")
        & ratings.stars.notnull()
        & ~ratings.is_cheating
        & window.holds(ratings.rated_at)
    )
    good = ratings.stars >= SATISFIED_STARS
    names = ("rating_id", "rated_at", "conv_id", "agent_id")
    return _outcomes(facts, ratings, "csat", good, "dissatisfied", names)


def _of_tickets(
    facts: Facts, tickets: ibis.Table, component: str, good: ibis.Value, why_not: str
) -> ibis.Table:
    names = ("ticket_no", "closed_at", "conv_id", "owner")
    return _outcomes(facts, tickets, component, good, why_not, names)


def _complaints(facts: Facts, tickets: ibis.Table, window: Window) -> ibis.Table:
    """Return complaints raised in the window; one on an order complained about before is bad."""
    complaints = tickets.filter((tickets.type == "complaint") & tickets.created_at.notnull())
    in_order = ibis.window(
        group_by=[
            complaints.shop_id,
            complaints.order_no.nullif("").coalesce(complaints.ticket_no),
        ],
        order_by=[complaints.created_at, complaints.ticket_no],
    )
    placed = complaints.mutate(place=ibis.row_number().over(in_order))
    raised = placed.filter(window.holds(placed.created_at))
    names = ("ticket_no", "created_at", "conv_id", "owner")
    return _outcomes(
        facts, raised, "first_complaint", raised.place == 0, "repeated_complaint", names
    )


def _talks(facts: Facts, window: Window) -> ibis.Table:
    sessions = facts.relation("session_customers")
    sessions = sessions.filter(window.holds(sessions.started_at))
    phases = facts.relation("session_phases")
    after = sessions.semi_join(phases.filter(phases.phase == "post"), ["shop_id", "conv_id"])
    felt = after.inner_join(facts.relation("session_emotions"), ["shop_id", "conv_id"])
    felt = felt.mutate(talk=felt.conv_id)
    names = ("talk", "started_at", "conv_id", "agent_id")
    return _outcomes(facts, felt, "calm", felt.peak_level < ANGRY, "angry", names)


_AT = "2026-08-15 12:00:00"
_EARLIER = "2026-08-14 12:00:00"


def _ticket(ticket_no: str, **cells: str | int) -> dict[str, str | int]:
    return {"ticket_no": ticket_no, "type": "exchange", "created_at": _EARLIER, **cells}


def _label(
    row: str, label: str, head: str, value: int | None = None
) -> dict[str, str | int | None]:
    return {
        "table_name": "conversations",
        "row_id": row,
        "head": head,
        "label": label,
        "value": value,
        "source": "model",
        "version": "1",
    }


METRIC = Metric(
    label="售后满意度指数",
    question="售后整体让买家满意吗（0–100）？",
    unit=Unit.SCORE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=85,
    inputs=("session_ratings", "tickets", "conversations", "labels"),
    labels={"scene": ()},
    assumptions=tuple(WEIGHTS.values()),
    reasons={
        "dissatisfied": "评价不满意",
        "reopened": "没有一次解决（重开过）",
        "overdue": "超过时限",
        "repeated_complaint": "同一订单再次投诉",
        "angry": "会话里买家生气或更激烈",
    },
    versions=(
        Version(
            "2026",
            "2026-01-01",
            "S2:8；FM10",
            cases,
            assumption=(
                "来源没有公式，这是本系统公布的定义：每个结果好得 100、坏得 0，按权重加权平均，"
                "售后评价 4、一次解决 2、时效达标 2、没有再次投诉 1、情绪没有升级 1"
            ),
        ),
    ),
    proofs=(
        Proof(
            name="FM10: each outcome by its weight, published with its component",
            rows={
                "session_ratings": tuple(
                    {
                        "rating_id": f"r{stars}",
                        "score": stars,
                        "subject": "aftersale",
                        "rated_at": _AT,
                    }
                    for stars in (5, 4, 3)
                ),
                "tickets": (
                    _ticket("t1", closed_at=_AT, due_at=_AT),
                    _ticket("t2", closed_at=_AT, due_at=_EARLIER, reopened_count=1),
                    _ticket("t3", type="complaint", order_no="o"),
                    _ticket("t4", type="complaint", order_no="o", created_at=_AT),
                    _ticket("t5", type="presale_care", closed_at=_AT),
                ),
                "conversations": tuple(
                    {"conv_id": conv, "started_at": _AT} for conv in ("a", "b", "c")
                ),
                "labels": (
                    _label("a", "POST06", "scene"),
                    _label("a", "angry", "emotion", 3),
                    _label("b", "POST06", "scene"),
                    _label("b", "complaining", "emotion", 2),
                    _label("c", "PRE16", "scene"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=100 * (8 + 2 + 2 + 1 + 1),
                denominator=12 + 4 + 4 + 2 + 2,
                value=1400 / 24,
                excluded={
                    "angry": 1,
                    "dissatisfied": 1,
                    "overdue": 1,
                    "reopened": 1,
                    "repeated_complaint": 1,
                },
                counted={"r5": True, "t1": True, "a": True},
            ),
        ),
        Proof(
            name="nothing observed, no index",
            rows={"tickets": (_ticket("t1"),)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
