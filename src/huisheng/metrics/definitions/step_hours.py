"""流程环节用时: how long a ticket stays in a state before it moves on."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

ARROW = "→"


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per move of a ticket from one state to another within the window.

    A move takes from the ticket's move before it, or from its creation.
    """
    events = facts.table("ticket_events")
    moves = events.filter(
        events.from_status.notnull()
        & (events.from_status != "")
        & events.to_status.notnull()
        & (events.to_status != events.from_status)
    )
    before = {"group_by": [moves.shop_id, moves.ticket_no], "order_by": [moves.at, moves.event_id]}
    moves = moves.select(
        "shop_id",
        "ticket_no",
        "event_id",
        "at",
        step=moves.from_status + ARROW + moves.to_status,
        entered_at=moves.at.lag().over(**before),
    )
    tickets = facts.table("tickets").select(
        "shop_id", "ticket_no", "created_at", "order_no", "product_id", "conv_id", "type", "owner"
    )
    moves = moves.filter(window.holds(moves.at))
    joined = moves.left_join(tickets, ["shop_id", "ticket_no"])
    began = joined.entered_at.coalesce(joined.created_at)
    reason = ibis.cases(
        (began.isnull(), "no_created_at"),
        (joined.at < began, "moved_before_created"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return joined.select(
        "shop_id",
        "at",
        "ticket_no",
        "order_no",
        "product_id",
        "conv_id",
        "step",
        case_id=joined.event_id,
        numerator=inside * (joined.at - began).fill_null(0),
        denominator=inside,
        reason=reason,
        agent_id=joined.owner,
        ticket_type=joined.type,
    )


_TICKETS = (
    {"ticket_no": "T1", "type": "exchange", "created_at": "2026-08-01 10:00:00"},
    {"ticket_no": "T2", "type": "exchange", "created_at": "2026-08-03 10:00:00"},
)


def _move(event_id: str, ticket_no: str, before: str | None, after: str, at: str) -> dict[str, str]:
    row = {"event_id": event_id, "ticket_no": ticket_no, "to_status": after, "at": at}
    return row | ({"from_status": before} if before else {})


METRIC = Metric(
    label="流程环节用时",
    question="工单走完一个环节，要多少小时？",
    unit=Unit.HOURS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("ticket_events", "tickets"),
    reasons={
        "no_created_at": "没有上一环节的时间，也没有创建时间",
        "moved_before_created": "流转时间早于创建时间",
    },
    versions=(
        Version(
            "calendar", "2024-01-01", "§3.16", cases, assumption="自然时间，不扣除夜间与节假日"
        ),
    ),
    proofs=(
        Proof(
            name="the first move runs from creation, the next from the move before",
            rows={
                "tickets": _TICKETS,
                "ticket_events": (
                    _move("e0", "T1", None, "registered", "2026-08-01 10:00:00"),
                    _move("e1", "T1", "registered", "approved", "2026-08-01 12:00:00"),
                    _move("e2", "T1", "approved", "approved", "2026-08-01 13:00:00"),
                    _move("e3", "T1", "approved", "closed", "2026-08-02 12:00:00"),
                    _move("e4", "T2", "registered", "approved", "2026-08-03 09:00:00"),
                    _move("e5", "T3", "registered", "approved", "2026-08-03 09:00:00"),
                    _move("e6", "T1", "closed", "reopened", "2026-08-31 00:00:00"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=26,
                denominator=2,
                value=13,
                excluded={"moved_before_created": 1, "no_created_at": 1},
                counted={"e1": True, "e3": True, "e4": False, "e5": False},
            ),
        ),
    ),
)
