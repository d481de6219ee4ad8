"""Working days: the opening time of each shop on each day that a complaint was open."""

from collections.abc import Iterable, Mapping

import ibis
import numpy as np
import pyarrow as pa

from huisheng.metrics.calendars import OFFICE_HOURS
from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.window import DAY_US, SECOND_US
from huisheng.worktime import Calendar, day_spans, most_blocks

LAST_DAY = 84_006
"""2200-01-01: an instant after it is a slip, and its day would cost a row for every day between."""


def build(facts: Facts) -> ibis.Table:
    """Return one row per shop and local day, by the shop's own calendar, else `OFFICE_HOURS`.

    shop_id, day (number since 1970-01-01), before_us (working time of all earlier days), and
    start_<n>_us and length_<n>_us of each block, from local midnight; an absent block is 0.
    """
    spans = _open_days(facts)
    calendars = {shop_id: facts.calendars.get(shop_id, OFFICE_HOURS) for shop_id in spans}
    blocks = max((most_blocks(each) for each in calendars.values()), default=1)
    parts = [_rows(shop_id, calendars[shop_id], spans[shop_id], blocks) for shop_id in spans]
    return ibis.memtable(pa.concat_tables([_schema(blocks).empty_table(), *parts]))


def blocks_of(days: ibis.Table) -> Iterable[tuple[str, str]]:
    """Return the names of the start and length columns of every block."""
    numbers = [name.split("_")[1] for name in days.columns if name.startswith("start_")]
    return [(f"start_{number}_us", f"length_{number}_us") for number in numbers]


def _open_days(facts: Facts) -> Mapping[str, tuple[int, int]]:
    """Return, per shop, the first and last local day on which a complaint came or went."""
    tickets = facts.table("tickets")
    raised = tickets.filter((tickets.type == "complaint") & tickets.closed_at.notnull())
    ends = raised.mutate(begun=raised.created_at.coalesce(raised.closed_at))
    bounds = ends.group_by("shop_id").aggregate(
        first=ibis.least(ends.begun, ends.closed_at).min(),
        last=ibis.greatest(ends.begun, ends.closed_at).max(),
    )
    return {
        row["shop_id"]: (
            max(0, _day(row["first"], facts.offset_us)),
            min(LAST_DAY, _day(row["last"], facts.offset_us)),
        )
        for row in facts.engine.arrow(bounds).to_pylist()
    }


def _day(instant: int, offset_us: int) -> int:
    return (instant + offset_us) // DAY_US


def _rows(shop_id: str, calendar: Calendar, span: tuple[int, int], blocks: int) -> pa.Table:
    found = day_spans(calendar, *span, blocks)
    columns = [pa.repeat(shop_id, len(found.days)), found.days, found.before * SECOND_US]
    for number in range(blocks):
        for part in (found.starts, found.lengths):
            columns.append(np.ascontiguousarray(part[:, number]) * SECOND_US)
    arrays = [
        pa.array(np.ascontiguousarray(c)) if isinstance(c, np.ndarray) else c for c in columns
    ]
    return pa.table(arrays, schema=_schema(blocks))


def _schema(blocks: int) -> pa.Schema:
    pairs = [
        (name, pa.int64()) for n in range(blocks) for name in (f"start_{n}_us", f"length_{n}_us")
    ]
    return pa.schema(
        [("shop_id", pa.string()), ("day", pa.int64()), ("before_us", pa.int64()), *pairs]
    )


_HOUR_US = 3600 * SECOND_US


def _ticket(ticket_no: str, created: str, closed: str) -> dict[str, str]:
    return {
        "ticket_no": ticket_no, "type": "complaint", "created_at": created, "closed_at": closed,
    }  # fmt: skip


RELATION = Relation(
    label="工作日",
    build=build,
    proofs=(
        RelationProof(
            name="without a calendar: office hours from Monday to Friday",
            rows={"tickets": (_ticket("a", "2026-08-07 17:00:00", "2026-08-10 10:00:00"),)},
            expect=(
                {"day": 20672, "before_us": 0, "length_0_us": 9 * _HOUR_US},
                {"day": 20673, "before_us": 9 * _HOUR_US, "length_0_us": 0},
                {"day": 20674, "before_us": 9 * _HOUR_US, "length_0_us": 0},
                {"day": 20675, "before_us": 9 * _HOUR_US, "start_0_us": 9 * _HOUR_US},
            ),
        ),
        RelationProof(
            name="a shop's own blocks, its days off and its extra days",
            rows={
                "shops": (
                    {
                        "config": {
                            "calendar": {
                                "week": {"fri": ["09:00-12:00", "13:00-18:00"]},
                                "holidays": ["2026-08-10"],
                                "extra_days": {"2026-08-08": ["10:00-11:00"]},
                            }
                        }
                    },
                ),
                "tickets": (_ticket("a", "2026-08-07 17:00:00", "2026-08-10 10:00:00"),),
            },
            expect=(
                {"day": 20672, "length_0_us": 3 * _HOUR_US, "length_1_us": 5 * _HOUR_US},
                {"day": 20673, "before_us": 8 * _HOUR_US, "length_0_us": _HOUR_US},
                {"day": 20674, "before_us": 9 * _HOUR_US, "length_0_us": 0},
                {"day": 20675, "before_us": 9 * _HOUR_US, "length_0_us": 0},
            ),
        ),
    ),
)
