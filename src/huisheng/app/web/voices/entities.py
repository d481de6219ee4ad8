"""Which words of a chat tell what the shop promised, and how tall, heavy or large a buyer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from django.utils import timezone

from huisheng.app.web.voices.marking import Span
from huisheng.language import all_entity_kinds, entities_of

MARKED = ("promise", "height", "weight", "size")
TONE = "entity"
Entity = dict[str, object]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line: its words, when they were said (UTC microseconds), and whether by the shop."""

    text: str
    at: int | None
    by_shop: bool


def entity_spans(lines: Sequence[Spoken]) -> list[list[Span]]:
    """Return the stretches to mark in each line, and what each of them tells."""
    spans: list[list[Span]] = [[] for _ in lines]
    found = entities_of(
        [line.text for line in lines],
        pa.array([_local(line.at) for line in lines], pa.timestamp("us")),
        pa.array([line.by_shop for line in lines], pa.bool_()),
    )
    kinds = all_entity_kinds()
    for entity in found.to_pylist():
        if entity["kind"] in MARKED:
            why = f"{kinds[entity['kind']].label}：{_told(entity)}"
            spans[entity["item"]].append(Span(entity["start"], entity["stop"], why, TONE))
    return spans


def _local(at: int | None) -> datetime | None:
    if at is None:
        return None
    instant = datetime.fromtimestamp(at / 1_000_000, UTC)
    return timezone.localtime(instant).replace(tzinfo=None)


def _told(entity: Entity) -> str:
    low, high, until = entity["low"], entity["high"], entity["until"]
    if low is not None:
        number = f"{low:g}" if low == high else f"{low:g}–{high:g}"
        return f"{number} {entity['unit']}"
    if entity["kind"] != "promise" or not isinstance(until, datetime):
        return str(entity["value"])
    return f"{_end(entity, until)}{entity['value']}"


def _end(entity: Entity, until: datetime) -> str:
    """Return when a promise is due: a whole day ends where the next one begins."""
    if entity["precision"] == "day" and until.time() == datetime.min.time():
        last = until - timedelta(days=1)
        return f"{last.month} 月 {last.day} 日{'前' if entity['deadline'] else ''}"
    at = f"{until.month} 月 {until.day} 日 {until:%H:%M}"
    return f"{at} {'前' if entity['deadline'] or entity['precision'] == 'half_day' else ''}"
