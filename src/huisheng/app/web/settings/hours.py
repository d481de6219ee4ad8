"""A working calendar as a person writes it, line by line, and as it is stored."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml

from huisheng.worktime import Block, Calendar, parse_calendar

Day = tuple[Block, ...]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SEPARATORS = re.compile(r"[,，;；、]\s*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:/\d{4}-\d{2}-\d{2})?")


@dataclass(frozen=True, slots=True)
class Written:
    """The calendar as text: blocks per weekday, dates off and dates worked, one a line."""

    week: tuple[str, ...]
    holidays: str
    extra_days: str


@dataclass(frozen=True, slots=True)
class YearOff:
    """The public holidays of one year as the government announced them."""

    year: int
    source: str
    off: tuple[str, ...]
    work: tuple[str, ...]


OFFICE = Written(("09:00-18:00",) * 5 + ("", ""), "", "")
"""What is assumed without a calendar, to begin with."""


def calendar_of(written: Written, zone: str) -> tuple[dict[str, object], Calendar]:
    """Return the mapping to store and the calendar it means.

    A date worked out of turn without blocks has those of Monday.

    Raises:
        DefinitionError: something cannot be read; the message says what.
    """
    week = {day: _blocks(text) for day, text in zip(DAYS, written.week, strict=True)}
    extra = dict(_extra(line, week["mon"]) for line in _lines(written.extra_days))
    mapping: dict[str, object] = {
        "zone": zone,
        "week": {day: blocks for day, blocks in week.items() if blocks},
        "holidays": [_first_word(line) for line in _lines(written.holidays)],
        "extra_days": extra,
    }
    return mapping, parse_calendar(mapping, "营业时间")


def written_of(calendar: Calendar) -> Written:
    """Return a calendar as text."""
    week = tuple(_spans(day) for day in calendar.week)
    extra = [f"{day.isoformat()} {_spans(blocks)}".strip() for day, blocks in calendar.extra_days]
    return Written(week, "\n".join(_stretches(calendar.holidays)), "\n".join(extra))


def with_year(written: Written, year: YearOff) -> Written:
    """Return a calendar with one year's public holidays added to what is there."""
    return Written(
        written.week,
        _added(written.holidays, year.off),
        _added(written.extra_days, year.work),
    )


@cache
def years_off() -> Mapping[int, YearOff]:
    """Return the years whose public holidays are shipped."""
    text = (files("huisheng.app.web.settings") / "holidays.yaml").read_text("utf-8")
    return {
        year: YearOff(year, entry["source"], tuple(entry["holidays"]), tuple(entry["workdays"]))
        for year, entry in yaml.safe_load(text).items()
    }


def _added(text: str, more: Iterable[str]) -> str:
    lines = _lines(text)
    known = {_first_word(line) for line in lines}
    return "\n".join(sorted([*lines, *(one for one in more if one not in known)]))


def _extra(line: str, usual: list[str]) -> tuple[str, list[str]]:
    day, _, rest = line.partition(" ")
    return day, _blocks(rest) or usual


def _blocks(text: str) -> list[str]:
    return [part for part in _SEPARATORS.split(text.strip()) if part]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _first_word(line: str) -> str:
    """Return the date of a line that may go on with a name: `2026-10-01/2026-10-07 国庆`."""
    found = _DATE.match(line)
    return found.group() if found else line


def _spans(day: Day) -> str:
    return ", ".join(f"{_clock(block.start)}-{_clock(block.end)}" for block in day)


def _stretches(days: Iterable[date]) -> list[str]:
    """Return days as `2026-10-01/2026-10-07`, a lone one as itself, in order."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [f"{a.isoformat()}/{b.isoformat()}" if a != b else a.isoformat() for a, b in runs]


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
