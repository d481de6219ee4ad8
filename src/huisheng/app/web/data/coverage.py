"""Which days of which tables are there: missing is not zero."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.data.held import NOTHING, held_by
from huisheng.app.web.data.missing import all_exports, missing_exports
from huisheng.app.web.data.shops import Shop, chosen, shops_of
from huisheng.records import all_tables

DAYS = 60
LEFT, CELL, ROW, FOOT = 112, 15, 20, 24
FAINTEST = 0.3
TICK_EVERY_DAYS = 10
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of one table; `strength` is the opacity, empty where there is nothing."""

    x: int
    y: int
    strength: str
    title: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The calendar as a drawing, in pixels."""

    title: str
    width: int
    height: int
    labels: tuple[tuple[int, str, int], ...]
    cells: tuple[Cell, ...]
    ticks: tuple[tuple[int, str], ...]


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show the calendar of a shop and what it lacks."""
    request.access.need(Right.IMPORT_DATA)
    shops = shops_of(request.access)
    shop = chosen(shops, request.GET.get("shop", ""))
    if shop is None:
        return render(request, "data/nothing.html.j2")
    today = timezone.localdate()
    end = _end(request.GET.get("end", ""), shop, today)
    counts = counts_by_day(shop.id, end)
    context = {
        "shops": shops,
        "shop": shop,
        "grid": draw(counts, end),
        "start": end - timedelta(days=DAYS - 1),
        "end": end,
        "today": today,
        "earlier": end - timedelta(days=DAYS),
        "later": min(today, end + timedelta(days=DAYS)),
        "missing": missing_exports(shop, today),
    }
    return render(request, "data/coverage.html.j2", context)


def dated_tables() -> list[str]:
    """Return the tables whose rows have a day, those that can be exported first."""
    named = dict.fromkeys(table for export in all_exports() for table in export.tables)
    return [name for name in (*named, *sorted(set(all_tables()) - set(named)))
            if all_tables()[name].anchor and name != "labels"]  # fmt: skip


def counts_by_day(shop_id: str, end: date) -> dict[str, dict[date, int]]:
    """Return rows per table and day of the `DAYS` days up to `end`; absent means no rows.

    Tables that can be exported are listed without rows too: they are what is missing.
    """
    start = end - timedelta(days=DAYS - 1)
    exported = {table for export in all_exports() for table in export.tables}
    held = held_by(shop_id)
    return {
        name: {
            day: rows for day, rows in held.get(name, NOTHING).days.items() if start <= day <= end
        }
        for name in dated_tables()
        if name in exported or name in held
    }


def draw(counts: dict[str, dict[date, int]], end: date) -> Grid:
    """Return the calendar as a drawing; a day's opacity is its share of the table's fullest."""
    start = end - timedelta(days=DAYS - 1)
    days = [start + timedelta(days=n) for n in range(DAYS)]
    cells = [
        _cell(all_tables()[name].label, day, by_day.get(day, 0), max(by_day.values(), default=1),
              (LEFT + column * CELL, row * ROW))
        for row, (name, by_day) in enumerate(counts.items())
        for column, day in enumerate(days)
    ]  # fmt: skip
    labels = [
        (row * ROW + 14, all_tables()[name].label, len(by_day))
        for row, (name, by_day) in enumerate(counts.items())
    ]
    ticks = [
        (LEFT + column * CELL, f"{day.month}月{day.day}日")
        for column, day in enumerate(days)
        if column % TICK_EVERY_DAYS == 0
    ]
    covered = sum(bool(by_day) for by_day in counts.values())
    return Grid(
        f"{start} 至 {end}，{len(counts)} 种数据里 {covered} 种有记录",
        LEFT + DAYS * CELL + 62,
        len(counts) * ROW + FOOT,
        tuple(labels),
        tuple(cells),
        tuple(ticks),
    )


def _cell(label: str, day: date, rows: int, most: int, at: tuple[int, int]) -> Cell:
    told = f"{rows:,} 条" if rows else "没有数据"
    strength = f"{FAINTEST + (1 - FAINTEST) * rows / most:.2f}" if rows else ""
    return Cell(*at, strength, f"{label} {day.month} 月 {day.day} 日：{told}")


def _end(text: str, shop: Shop, today: date) -> date:
    """Return the day the calendar ends with: the one asked for, else the usual one."""
    try:
        end = date.fromisoformat(text)
    except ValueError:
        return last_day(shop, today)
    return min(max(end, EARLIEST), today)


def last_day(shop: Shop, today: date) -> date:
    """Return the day a calendar usually ends with: today, or the last with anything long ago."""
    last = max((each.last for each in held_by(shop.id).values() if each.last), default=today)
    return today if last > today - timedelta(days=DAYS) else last
