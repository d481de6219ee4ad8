"""流程卡点: ticket steps that take longer than they may, compared with the shop's other steps."""

from collections.abc import Mapping

import ibis

from huisheng.insight.exposure import EVENT_COLUMNS, Analysis, Cut, Exposure, numbered
from huisheng.insight.steps import ARROW, DEFAULT_HOURS
from huisheng.insight.steps import steps as known_steps
from huisheng.metrics import Facts, Window

HOUR_US = 3_600_000_000


def expose(
    facts: Facts, span: Window, problems: Mapping[str, frozenset[str]]
) -> tuple[Exposure, ...]:
    """Return the exposure of the steps that tickets finished in the span."""
    units = facts.engine.kept(_steps(facts, span))
    late = units.filter(units.late).select(
        "unit",
        kind=ibis.literal("step"),
        problem=ibis.literal("overdue"),
        table_name=ibis.literal("tickets"),
        row_id=units.ticket_no,
        p=ibis.literal(1.0),
    )
    arrow = facts.engine.arrow
    return (
        Exposure(
            analysis="waiting_steps",
            unit_label="次流转",
            units=arrow(units.drop("late").order_by("unit")),
            events=arrow(late.select(*EVENT_COLUMNS).order_by("unit")),
            cuts=(Cut(("step",), within=""),),
            shares_evidence=True,
        ),
    )


def _steps(facts: Facts, span: Window) -> ibis.Table:
    events = facts.table("ticket_events")
    moves = events.filter(
        events.from_status.notnull()
        & (events.from_status != "")
        & events.to_status.notnull()
        & (events.to_status != events.from_status)
    )
    order = [moves.at, moves.event_id]
    moves = moves.select(
        "shop_id",
        "ticket_no",
        "event_id",
        "at",
        step=moves.from_status + ARROW + moves.to_status,
        entered_at=moves.at.lag().over(group_by=[moves.shop_id, moves.ticket_no], order_by=order),
    )
    tickets = facts.table("tickets").select(
        "shop_id", "ticket_no", "created_at", "conv_id", "order_no", customer="customer_key"
    )
    steps = moves.left_join(tickets, ["shop_id", "ticket_no"]).drop(
        "shop_id_right", "ticket_no_right"
    )
    steps = steps.filter(span.holds(steps.at))
    took = steps.at - steps.entered_at.coalesce(steps.created_at)
    limit = ibis.cases(
        *[(steps.step == id_, known.hours) for id_, known in sorted(known_steps().items())],
        else_=DEFAULT_HOURS,
    )
    steps = steps.mutate(
        late=(took.cast("float64") > limit * HOUR_US).fill_null(False),
        cost_fen=ibis.literal(0, "int64"),
    )
    return numbered(steps, "shop_id", "at", "event_id")


ANALYSIS = Analysis(label="流程卡点", expose=expose)
