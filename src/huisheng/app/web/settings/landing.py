"""Bring what is set here into the lake, by the door that every import uses."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis

from huisheng.app.web import library
from huisheng.app.web.settings.models import Landing
from huisheng.app.web.settings.sheets import Sheet, sheet
from huisheng.app.web.typed_in import land_rows
from huisheng.errors import HuishengError
from huisheng.records import all_tables

MOST_TURNS = 5


@dataclass(frozen=True, slots=True)
class Landed:
    """How an attempt ended; `problem` is empty where the lake has what is set here."""

    problem: str


def is_landed(shop_id: str, part: str) -> bool:
    """Return whether the lake was given what is set now, and no import changed it since."""
    made = sheet(shop_id, part)
    return not made.rows or _is_known(shop_id, part, made)


def land(shop_id: str, part: str) -> Landed:
    """Import what is set of a shop; called after the change is committed.

    The whole sheet is imported each time, so that a landing that failed is made good by the next
    and the same content changes nothing. Where somebody changed it meanwhile it is landed again.

    Args:
        shop_id: the shop.
        part: what of it, as in `sheet`.
    """
    for _ in range(MOST_TURNS):
        made = sheet(shop_id, part)
        if not made.rows or _is_known(shop_id, part, made):
            break
        try:
            land_rows(shop_id, _name(part), made.text, "写入数据")
        except HuishengError as exc:
            return Landed(str(exc))
        prints = {"digest": _digest(made.text), "found": _found(shop_id, part, made)}
        Landing.objects.update_or_create(shop_id=shop_id, table=part, defaults=prints)
    return Landed("")


def _name(part: str) -> str:
    """Return the file's name, which says the table and shows in the import history."""
    table, _, week = part.partition("/")
    return f"{table}（设置{' ' if week else ''}{week}）.csv"


def _is_known(shop_id: str, part: str, made: Sheet) -> bool:
    row = Landing.objects.filter(shop_id=shop_id, table=part).first()
    if row is None or row.digest != _digest(made.text):
        return False
    return row.found == _found(shop_id, part, made)


def _found(shop_id: str, part: str, made: Sheet) -> str:
    """Return a fingerprint of the lake's rows that a sheet is about."""
    table, _, monday = part.partition("/")
    with library.facts() as facts:
        rows = facts.table(table)
        rows = rows.filter(rows.shop_id == shop_id)
        rows = rows.filter(_of_week(rows, monday) if monday else _named(rows, table, made))
        hashes = facts.engine.arrow(rows.select("row_hash").order_by("row_hash"))
    return _digest(repr(hashes["row_hash"].to_pylist()))


def _named(rows: ibis.Table, table: str, made: Sheet) -> ibis.Value:
    """Return whether a row is one of the sheet's; rows of others are proposals, not differences."""
    key = all_tables()[table].key
    if not key:
        return ibis.literal(True)
    place = made.header.index(key[0])
    return rows[key[0]].isin([row[place] for row in made.rows])


def _of_week(rows: ibis.Table, monday: str) -> ibis.Value:
    zone = ZoneInfo(library.workspace().zone)
    first = datetime.combine(date.fromisoformat(monday), time.min, zone)
    low, high = (_instant(at) for at in (first, first + timedelta(days=7)))
    return (rows.start_at >= low) & (rows.start_at < high)


def _instant(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
