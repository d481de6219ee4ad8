"""A calendar as columns, one row per local date: what an engine's expression can join and add up.

The working time of a stretch is the difference of the working time before its ends, as in `clock`;
here it is counted on the local clock, so the zone must have a fixed offset.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huisheng.worktime.calendar import Calendar, Day

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MONDAY = 3  # 1970-01-01 was a Thursday, so day −3 was a Monday


@dataclass(frozen=True, slots=True)
class DaySpans:
    """Opening time of a run of days, all int64 seconds.

    Attributes:
        days: numbers of the local dates since 1970-01-01, shape `(n,)`, in order.
        before: working seconds of the days before each one, counted from the first.
        starts: seconds after local midnight, shape `(n, blocks)`; a block that a day lacks is 0.
        lengths: the same shape; 0 for a block that a day lacks.
    """

    days: NDArray[np.int64]
    before: NDArray[np.int64]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]


def most_blocks(calendar: Calendar) -> int:
    """Return how many blocks the fullest day has, at least 1."""
    days = (*calendar.week, *(blocks for _, blocks in calendar.extra_days))
    return max(1, *(len(blocks) for blocks in days))


def day_spans(calendar: Calendar, first: int, last: int, blocks: int) -> DaySpans:
    """Return the opening time of the days `first` to `last`, both included.

    Args:
        calendar: when the shop works.
        first: number of the first local date since 1970-01-01.
        last: number of the last one; before `first` for no day at all.
        blocks: columns to give, at least `most_blocks(calendar)`.
    """
    days = np.arange(first, last + 1, dtype=np.int64)
    week = np.array([_padded(day, blocks) for day in calendar.week], dtype=np.int64)
    spans = week[(days + _MONDAY) % 7]
    other = {day: () for day in calendar.holidays} | dict(calendar.extra_days)
    for day, opened in other.items():
        place = day.toordinal() - _EPOCH_ORDINAL - first
        if 0 <= place < len(days):
            spans[place] = _padded(opened, blocks)
    starts, lengths = spans[:, :, 0], spans[:, :, 1]
    worked = lengths.sum(axis=1)
    return DaySpans(days, np.cumsum(worked) - worked, starts, lengths)


def _padded(day: Day, blocks: int) -> list[tuple[int, int]]:
    opened = [(block.start, block.end - block.start) for block in day]
    return opened + [(0, 0)] * (blocks - len(opened))
