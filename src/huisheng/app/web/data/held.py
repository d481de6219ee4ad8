"""How many rows of each table a shop has on each day, counted once per version of the facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis

from huisheng.app.web import library
from huisheng.app.web.data.blanks import MADE_HERE
from huisheng.lake import Engine, open_engine, read_manifest
from huisheng.records import all_tables

UNDATED = ("", "none")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one table of a shop: rows in all, and rows per local date."""

    rows: int
    days: Mapping[date, int]

    @property
    def last(self) -> date | None:
        """Return the latest day with rows, None where no row has a day."""
        return max(self.days, default=None)


NOTHING = Held(0, {})


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a table in which a column holds a value, or anything where `value` is empty."""

    table: str
    column: str
    value: str = ""


_Version = tuple[str, tuple[tuple[str, int], ...]]
_Shops = Mapping[str, Mapping[str, Held]]
_kept: dict[_Version, _Shops] = {}
_parts: dict[_Version, Mapping[str, Mapping[Part, int]]] = {}


def held_by(shop_id: str) -> Mapping[str, Held]:
    """Return what a shop has, by table; tables without rows are left out.

    The days stand in the names of the files, so an engine of its own, which holds no table in
    memory, counts them sooner than the one of the pages.
    """
    place, version = library.workspace(), _version()
    found = _kept.get(version)
    if found is None:
        found = _count(open_engine(place))
        _kept.clear()  # nobody asks for the facts of yesterday
        _kept[version] = found
    return found.get(shop_id, {})


def parts_of(shop_id: str, parts: Sequence[Part]) -> Mapping[Part, int]:
    """Return how many rows of each part a shop has; parts without rows are left out."""
    version = _version()
    found = _parts.get(version)
    if found is None:
        found = _count_parts(open_engine(library.workspace()), parts)
        _parts.clear()
        _parts[version] = found
    return found.get(shop_id, {})


def _version() -> _Version:
    place = library.workspace()
    return str(place.root), tuple(sorted(read_manifest(place.lake).versions.items()))


def _count_parts(engine: Engine, parts: Sequence[Part]) -> dict[str, dict[Part, int]]:
    counts = []
    for number, part in enumerate(parts):
        rows = engine.table(part.table)
        cells = rows[part.column]
        rows = rows.filter(cells == part.value if part.value else cells.notnull())
        counted = rows.group_by("shop_id").aggregate(rows=ibis._.count())
        counts.append(counted.mutate(part=ibis.literal(number)))
    found: dict[str, dict[Part, int]] = {}
    for row in engine.arrow(ibis.union(*counts)).to_pylist() if counts else []:
        found.setdefault(row["shop_id"], {})[parts[row["part"]]] = row["rows"]
    return found


def _count(engine: Engine) -> dict[str, dict[str, Held]]:
    counts = [
        rows.group_by(rows.shop_id, day=rows.local_date.fill_null(""))
        .aggregate(rows=ibis._.count())
        .mutate(table=ibis.literal(name))
        for name in all_tables()
        if name not in MADE_HERE and name in engine.versions
        for rows in [engine.table(name)]
    ]
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in engine.arrow(ibis.union(*counts)).to_pylist() if counts else []:
        tables = found.setdefault(row["shop_id"], {})
        tables.setdefault(row["table"], {})[row["day"]] = row["rows"]
    return {
        shop: {name: _held(days) for name, days in tables.items()} for shop, tables in found.items()
    }


def _held(days: Mapping[str, int]) -> Held:
    dated = {date.fromisoformat(day): n for day, n in days.items() if day not in UNDATED}
    return Held(sum(days.values()), dated)
