"""Count working time between instants, and find the instant a working duration ends.

Every day's blocks become UTC spans in one sorted table with a running total, so that the working
time before an instant is one binary search: W(t). Working time of an interval is W(end) − W(start),
which makes it additive by construction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from huisheng.errors import BadInputError
from huisheng.worktime.calendar import DAY_SECONDS, Calendar

Instants = NDArray[np.int64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONG_AGO = np.int64(np.iinfo(np.int64).min)
_DAY_US = DAY_SECONDS * 1_000_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FIRST_DAY = date(1900, 1, 1).toordinal() - _EPOCH_ORDINAL
_LAST_DAY = date(2200, 1, 1).toordinal() - _EPOCH_ORDINAL
# Tables cover whole steps of this many days, so that one table serves all instants near by.
_STEP_DAYS = 64


@dataclass(frozen=True, slots=True)
class _Spans:
    """Opening spans over a range of days: UTC microseconds, and the working time before each."""

    starts: Instants
    lengths: Instants
    before: Instants

    def until(self, instants: Instants) -> Instants:
        """Return W(t), the working microseconds in the table before each instant."""
        if not len(self.starts):
            return np.zeros(instants.shape, dtype=np.int64)
        index = np.searchsorted(self.starts, instants, side="right") - 1
        span = np.maximum(index, 0)
        inside = np.clip(instants - self.starts[span], 0, self.lengths[span])
        return np.where(index < 0, 0, self.before[span] + inside)


def working_seconds(
    start_us: int,
    end_us: int,
    calendar: Calendar,
    pauses: Iterable[tuple[int, int]] = (),
) -> float:
    """Return the working seconds in `[start, end)`, less those inside pauses.

    Signed like a plain difference: an end before its start gives minus the working time between
    them, so that the measure is additive for any three instants.

    Args:
        start_us: UTC microseconds since the epoch.
        end_us: the same.
        calendar: when the shop works.
        pauses: `(start, end)` in UTC microseconds; they may overlap one another or stick out.

    Raises:
        BadInputError: an instant outside 1900–2200.
    """
    low, high = min(start_us, end_us), max(start_us, end_us)
    open_spans = [(low, high)]
    for begin, stop in sorted(pauses):
        open_spans = _cut(open_spans, begin, stop)
    edges = np.array(open_spans, dtype=np.int64).reshape(-1, 2)
    seconds = float(np.sum(_microseconds(edges[:, 0], edges[:, 1], calendar))) / 1e6
    return seconds if start_us <= end_us else -seconds


def working_seconds_column(
    starts: Instants, ends: Instants, calendar: Calendar
) -> NDArray[np.float64]:
    """Return `working_seconds` of each pair, float64, shape `(n,)`; no loop over rows.

    Args:
        starts: int64 UTC microseconds, shape `(n,)`; rows without a value are the caller's to mask.
        ends: the same shape.
        calendar: when the shop works.

    Raises:
        BadInputError: an instant outside 1900–2200, or columns of different length.
    """
    if starts.shape != ends.shape:
        raise BadInputError(
            "工作时长", f"开始 {len(starts)} 行、结束 {len(ends)} 行", "两列须一样长"
        )
    return _microseconds(starts, ends, calendar) / 1e6


def add_working_seconds(start_us: int, seconds: float, calendar: Calendar) -> int:
    """Return the first instant by which `seconds` of working time have passed since `start_us`.

    Zero seconds give the start itself. An amount that ends with a block is due at that block's
    end, not at the next opening.

    Args:
        start_us: UTC microseconds since the epoch.
        seconds: working seconds, at least 0.
        calendar: when the shop works.

    Returns:
        The due instant in UTC microseconds.

    Raises:
        BadInputError: negative seconds, or a due instant that never comes before 2200.
    """
    wanted = round(seconds * 1e6)
    if wanted < 0:
        raise BadInputError("截止时间", f"时限 {seconds:g} 秒为负", "请给出不小于 0 的时限")
    if not wanted:
        return start_us
    for step in range((_day_of(start_us) - 1) // _STEP_DAYS, _LAST_DAY // _STEP_DAYS):
        spans = _spans(calendar, step, step)
        due = wanted + int(spans.until(np.array([start_us]))[0])
        index = int(np.searchsorted(spans.before + spans.lengths, due, side="left"))
        if index < len(spans.starts):
            return int(spans.starts[index] + due - spans.before[index])
        wanted = due - int(np.sum(spans.lengths))
    raise BadInputError("截止时间", "工作日历在 2200 年以前没有足够的工作时间", "请检查每周的时段")


def _microseconds(starts: Instants, ends: Instants, calendar: Calendar) -> Instants:
    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    first = _day_of(int(min(starts.min(), ends.min())))
    last = _day_of(int(max(starts.max(), ends.max())))
    # One day more on each side: a UTC day and a local day never differ by more.
    spans = _spans(calendar, (first - 1) // _STEP_DAYS, (last + 1) // _STEP_DAYS)
    return spans.until(ends) - spans.until(starts)


def _cut(spans: Sequence[tuple[int, int]], begin: int, stop: int) -> list[tuple[int, int]]:
    if stop <= begin:
        return list(spans)
    pieces = [
        piece for low, high in spans for piece in ((low, min(high, begin)), (max(low, stop), high))
    ]
    return [(low, high) for low, high in pieces if low < high]


def _day_of(instant_us: int) -> int:
    """Return days since the epoch in UTC.

    Raises:
        BadInputError: outside 1900–2200, where a number is a mistake of unit rather than a time.
    """
    day = instant_us // _DAY_US
    if not _FIRST_DAY < day < _LAST_DAY:
        raise BadInputError(
            "时刻", f"{instant_us} 微秒不在 1900 至 2200 年之间", "请检查时间的单位"
        )
    return day


@lru_cache(maxsize=64)
def _spans(calendar: Calendar, first_step: int, last_step: int) -> _Spans:
    """Build the table for the local dates of these steps, both included."""
    zone = ZoneInfo(calendar.zone)
    first = first_step * _STEP_DAYS + _EPOCH_ORDINAL
    stop = (last_step + 1) * _STEP_DAYS + _EPOCH_ORDINAL
    edges = [
        (_instant(day, block.start, zone), _instant(day, block.end, zone))
        for day in map(date.fromordinal, range(first, stop))
        for block in calendar.blocks_on(day)
    ]
    table = np.array(edges, dtype=np.int64).reshape(-1, 2)
    closed_until = np.maximum.accumulate(np.append(_LONG_AGO, table[:-1, 1]))[: len(table)]
    # A block inside the hour that summer time skips would reach into the next one.
    starts = np.maximum(table[:, 0], closed_until)
    lengths = np.maximum(table[:, 1] - starts, 0)
    return _Spans(starts, lengths, np.cumsum(lengths) - lengths)


def _instant(day: date, seconds: int, zone: ZoneInfo) -> int:
    """Return the UTC microseconds of a local wall-clock second; 86 400 is the next midnight."""
    whole_days, rest = divmod(seconds, DAY_SECONDS)
    wall = datetime.combine(day, time.min) + timedelta(days=whole_days, seconds=rest)
    return (wall.replace(tzinfo=zone) - _EPOCH) // _MICROSECOND
