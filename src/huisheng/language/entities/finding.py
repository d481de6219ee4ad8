"""Find entities in whole columns: screens pick the suspects, distinct texts are read once.

One vectorised pattern per kind tells which texts may hold one; only those reach Python. What a
text holds is found without knowing when it was said; the clock is asked afterwards, row by row.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.catalog import load_python
from huisheng.language.entities.definition import Definition, Found, Said
from huisheng.language.entities.plain import UNPLAIN, plain
from huisheng.language.spelling import LONGEST_TEXT, text_array

ENTITY_SCHEMA = pa.schema(
    [
        ("item", pa.int64()),
        ("kind", pa.string()),
        ("start", pa.int32()),
        ("stop", pa.int32()),
        ("text", pa.string()),
        ("value", pa.string()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unit", pa.string()),
        ("since", pa.timestamp("us")),
        ("until", pa.timestamp("us")),
        ("precision", pa.string()),
        ("deadline", pa.bool_()),
    ]
)
_FIRST, _LAST = map(datetime.fromisoformat, ("1971-01-01", "2199-12-31"))
"""Instants beyond are typing mistakes; no calendar is asked about them."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as one side of a conversation said it, and what it holds."""

    text: str
    found: tuple[tuple[str, Found], ...]


@cache
def all_entity_kinds() -> Mapping[str, Definition]:
    """Return every kind of entity, by id."""
    return load_python("huisheng.language.entities.kinds", "DEFINITION", Definition)


def entities_of(
    texts: Sequence[str] | pa.Array | pa.ChunkedArray,
    said_at: pa.Array | None = None,
    by_agent: pa.Array | None = None,
    rivals: Collection[str] = (),
) -> pa.Table:
    """List the entities in texts: sizes, money, times, promises, gifts, competitors.

    Args:
        texts: n texts as written; of each the first 4,000 characters are read.
        said_at: n local instants, `timestamp` without a zone; without one, times have no clock.
        by_agent: n booleans: whether the shop said it; without, a buyer did, and promises are none.
        rivals: names of the shop's own rivals, besides those that ship with the taxonomy.

    Returns:
        One row per entity, by text and appearance: `item` (place in `texts`), `kind`, `start` and
        `stop` (offsets in characters), `text` (the words between), `value`, `low` and `high` in
        `unit` (fen, cm, kg, ratio), `since` and `until` (local), `precision` and `deadline`. What
        does not apply is null.
    """
    column = text_array(texts)
    agents = np.zeros(len(column), dtype=bool) if by_agent is None else _flags(by_agent)
    names = {rival: re.compile(re.escape(plain(rival))) for rival in rivals if rival}
    kinds, suspects = _suspects(column, agents, names)
    rows = np.flatnonzero(suspects.any(axis=1))
    instants = _instants(said_at, rows)
    read: dict[tuple[str, bool], _Read] = {}
    entities: list[tuple[object, ...]] = []
    for place, text, said in zip(
        rows.tolist(), column.take(pa.array(rows)).to_pylist(), instants, strict=True
    ):
        key = (text, bool(agents[place]))
        if key not in read:
            asked = [kinds[column] for column in np.flatnonzero(suspects[place])]
            read[key] = _read(text[:LONGEST_TEXT], key[1], asked, names)
        entities += ((place, *entity) for entity in _told(read[key], said))
    columns = list(zip(*entities, strict=True)) or [()] * len(ENTITY_SCHEMA)
    arrays = [pa.array(c, field.type) for c, field in zip(columns, ENTITY_SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=ENTITY_SCHEMA)


def _suspects(
    column: pa.Array, agents: NDArray[np.bool_], rivals: Mapping[str, re.Pattern[str]]
) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the kinds, and bool[n, k]: which texts may hold one of each."""
    small = pc.ascii_lower(column)
    unplain = _flags(pc.match_substring_regex(column, UNPLAIN))
    if unplain.any():
        places = pa.array(unplain)
        folded = [plain(text) for text in column.filter(places).to_pylist()]
        small = pc.replace_with_mask(small, places, pa.array(folded, small.type))
    kinds = all_entity_kinds()
    screens = {trigger: _holds(small, trigger) for trigger in {k.trigger for k in kinds.values()}}
    named = "|".join(words.pattern for words in rivals.values())
    rival = _holds(small, named) if named else np.zeros(len(column), dtype=bool)
    columns = [
        (screens[kind.trigger] | (rival & kind.reads_rivals)) & (agents | (not kind.only_agents))
        for kind in kinds.values()
    ]
    return list(kinds), np.stack(columns, axis=1)


def _holds(texts: pa.Array, pattern: str) -> NDArray[np.bool_]:
    return _flags(pc.match_substring_regex(texts, pattern))


def _flags(values: pa.Array) -> NDArray[np.bool_]:
    known = pc.fill_null(values, False)
    return np.array(known.to_numpy(zero_copy_only=False), dtype=bool)


def _instants(said_at: pa.Array | None, rows: NDArray[np.int64]) -> Sequence[datetime | None]:
    if said_at is None:
        return [None] * len(rows)
    some = said_at.take(pa.array(rows)).cast(pa.timestamp("us"))
    usual = pc.and_(pc.greater(some, pa.scalar(_FIRST)), pc.less(some, pa.scalar(_LAST)))
    known: list[datetime | None] = pc.if_else(usual, some, None).to_pylist()
    return known


def _read(
    text: str, by_agent: bool, asked: Collection[str], rivals: Mapping[str, re.Pattern[str]]
) -> _Read:
    said = Said(text, plain(text), by_agent, rivals)
    kinds = all_entity_kinds()
    every = [(kind, found) for kind in asked for found in kinds[kind].find(said)]
    return _Read(text, tuple(_apart(every, len(text))))


def _apart(every: Sequence[tuple[str, Found]], letters: int) -> list[tuple[str, Found]]:
    """Return what does not overlap, in order: of two the longer, else that of the first kind.

    What stands beside others is kept, but no two of one kind.
    """
    kinds = all_entity_kinds()
    kept: list[tuple[str, Found]] = []
    taken: dict[str, bytearray] = defaultdict(lambda: bytearray(letters))
    for kind, found in sorted(every, key=lambda each: each[1].start - each[1].stop):
        over = taken[kind if kinds[kind].stands_beside else ""]
        if not any(over[found.start : found.stop]):
            over[found.start : found.stop] = b"\1" * (found.stop - found.start)
            kept.append((kind, found))
    return sorted(kept, key=lambda each: (each[1].start, each[1].stop))


def _told(read: _Read, said: datetime | None) -> Iterator[tuple[object, ...]]:
    """Yield the cells of each entity but its place; a promise of what has passed is none."""
    kinds = all_entity_kinds()
    for kind, found in read.found:
        moment = found.moment
        span = moment.resolve(said) if moment and said else None
        if moment and moment.ahead and span and said and span.until <= said:
            continue
        yield (
            kind,
            found.start,
            found.stop,
            read.text[found.start : found.stop],
            found.value,
            found.low,
            found.low if found.high is None else found.high,
            None if found.low is None else kinds[kind].unit,
            span.since if span else None,
            span.until if span else None,
            moment.precision.value if moment else None,
            moment.deadline if moment else None,
        )
