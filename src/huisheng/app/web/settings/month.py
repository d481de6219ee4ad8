"""A few months as grids of days that say when the shop works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from huisheng.worktime import Calendar


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: its number, whether it is worked, and why it differs from its weekday."""

    number: int
    works: bool
    odd: str
    title: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month in weeks from Monday; None before its first and after its last day."""

    title: str
    weeks: tuple[tuple[DayCell | None, ...], ...]


def months_from(calendar: Calendar, today: date, count: int) -> Sequence[Month]:
    """Return this month and those after it."""
    first, found = today.replace(day=1), []
    for _ in range(count):
        found.append(_month(calendar, first, today))
        first = (first + timedelta(days=32)).replace(day=1)
    return found


def _month(calendar: Calendar, first: date, today: date) -> Month:
    following = (first + timedelta(days=32)).replace(day=1)
    days = [first + timedelta(days=n) for n in range((following - first).days)]
    cells = [None] * first.weekday() + [_cell(calendar, day, today) for day in days]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[n : n + 7]) for n in range(0, len(cells), 7))
    return Month(f"{first.year} 年 {first.month} 月", weeks)


def _cell(calendar: Calendar, day: date, today: date) -> DayCell:
    blocks = calendar.blocks_on(day)
    usual = calendar.week[day.weekday()]
    odd = "" if blocks == usual else "班" if blocks else "休"
    hours = "、".join(f"{_clock(b.start)}–{_clock(b.end)}" for b in blocks) or "不上班"
    return DayCell(day.day, bool(blocks), odd, f"{day.isoformat()} {hours}", day == today)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
