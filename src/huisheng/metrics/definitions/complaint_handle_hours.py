"""投诉处理时间: from raised to closed, on the calendar or on working hours (S2:4, FM11)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.relations.working_days import blocks_of
from huisheng.metrics.window import DAY_US, Window, local_day


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per complaint closed in the window, on the calendar's clock."""
    tickets = _closed(facts, window)
    return _cases(tickets, tickets.closed_at - tickets.created_at)


def cases_business(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per complaint closed in the window, on the clock of the shop's calendar."""
    tickets = _closed(facts, window)
    days = facts.relation("working_days")
    for end in ("created_at", "closed_at"):
        tickets = _with_working_time(tickets, end, days, facts.offset_us)
    took_us = tickets.worked_before_closed_at - tickets.worked_before_created_at
    return _cases(tickets, took_us)


def _closed(facts: Facts, window: Window) -> ibis.Table:
    tickets = facts.table("tickets")
    return tickets.filter((tickets.type == "complaint") & window.holds(tickets.closed_at))


def _cases(tickets: ibis.Table, took_us: ibis.Value) -> ibis.Table:
    reason = ibis.cases(
        (tickets.created_at.isnull(), "no_created_at"),
        (tickets.closed_at < tickets.created_at, "closed_before_created"),
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
        at=tickets.closed_at,
        numerator=inside * took_us.fill_null(0),
        denominator=inside,
        reason=reason,
        agent_id=tickets.owner,
        ticket_type=tickets.type,
    )


def _with_working_time(
    tickets: ibis.Table, end: str, days: ibis.Table, offset_us: int
) -> ibis.Table:
    """Add the shop's working time before an instant, counted from some day long ago.

    The working time of a stretch is the difference of its ends, as in `huisheng.worktime`, whose
    arrays an engine's expression cannot call; the day's blocks come from it by a join.
    """
    known = days.rename({f"{end}_{name}": name for name in days.columns})
    dated = tickets.mutate(worked_on=local_day(tickets[end], offset_us))
    on_day = (dated.shop_id == known[f"{end}_shop_id"], dated.worked_on == known[f"{end}_day"])
    joined = dated.left_join(known, on_day)
    of_day = (joined[end] + offset_us) % DAY_US
    worked = joined[f"{end}_before_us"]
    for start, length in blocks_of(days):
        passed = ibis.greatest(of_day - joined[f"{end}_{start}"], 0)
        worked = worked + ibis.least(passed, joined[f"{end}_{length}"])
    kept = joined.mutate(**{f"worked_before_{end}": worked})
    return kept.select(*tickets.columns, f"worked_before_{end}")


def _ticket(
    ticket_no: str, created: str | None, closed: str, **cells: str
) -> dict[str, str | None]:
    return {
        "ticket_no": ticket_no,
        "type": "complaint",
        "created_at": created,
        "closed_at": closed,
        **cells,
    }


_FM11 = _ticket("fm11", "2026-08-07 17:00:00", "2026-08-10 10:00:00")

METRIC = Metric(
    label="投诉处理时间",
    question="一件投诉从提出到办结，要多少小时？",
    unit=Unit.HOURS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("tickets",),
    reasons={
        "no_created_at": "没有创建时间",
        "closed_before_created": "关闭时间早于创建时间",
    },
    versions=(
        Version("calendar", "2024-01-01", "S2:4；FM11", cases, assumption="不扣除等待顾客的时间"),
        Version(
            "business",
            "2024-01-01",
            "S2:4；FM11",
            cases_business,
            assumption=(
                "按店铺在「设置」里的营业时间与假日计；没有设置的店铺按周一至周五 09:00–18:00，"
                "不扣法定节假日；都不扣除等待顾客的时间"
            ),
        ),
    ),
    proofs=(
        Proof(
            name="FM11: Friday 17:00 to Monday 10:00 is 65 h on the calendar",
            rows={"tickets": (_FM11,)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=65, denominator=1, value=65),
        ),
        Proof(
            name="FM11: and 2 h of business; nights, weekends and mornings before nine are free",
            version="business",
            rows={
                "tickets": (
                    _FM11,
                    _ticket("weekend", "2026-08-08 10:00:00", "2026-08-09 20:00:00"),
                    _ticket("night", "2026-08-05 18:00:00", "2026-08-06 09:00:00"),
                    _ticket("day", "2026-08-05 08:00:00", "2026-08-05 19:00:00"),
                    _ticket("week", "2026-08-03 12:00:00", "2026-08-10 12:00:00"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=2 + 0 + 0 + 9 + 45, denominator=5),
        ),
        Proof(
            name="by closing time, complaints alone, pauses not removed",
            rows={
                "tickets": (
                    _ticket("a", "2026-07-30 00:00:00", "2026-08-01 00:00:00"),
                    {**_ticket("b", "2026-08-30 22:59:59", "2026-08-30 23:59:59"), "paused_sec": 9},
                    _ticket("late", "2026-08-30 00:00:00", "2026-08-31 00:00:00"),
                    _ticket("other", "2026-08-01 00:00:00", "2026-08-02 00:00:00", type="exchange"),
                    _ticket("c", None, "2026-08-02 00:00:00"),
                    _ticket("d", "2026-08-03 00:00:00", "2026-08-02 00:00:00"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=49,
                denominator=2,
                value=24.5,
                excluded={"closed_before_created": 1, "no_created_at": 1},
                counted={"a": True, "c": False, "d": False},
            ),
        ),
    ),
)
