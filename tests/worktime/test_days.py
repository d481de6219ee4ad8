"""A calendar as columns counts the same time as the clock does."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from huisheng.worktime import Block, Calendar, day_spans, most_blocks, working_seconds_column

ZONE_S = 8 * 3600
FIRST = (date(2026, 8, 3) - date(1970, 1, 1)).days
DAYS = 21


@st.composite
def blocks(draw):
    edges = sorted(draw(st.sets(st.integers(0, 86_400), max_size=6)))
    return tuple(Block(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw):
    inside = st.integers(0, DAYS - 1).map(lambda n: date(2026, 8, 3) + timedelta(days=n))
    extra = draw(st.dictionaries(inside, blocks(), max_size=3))
    off = draw(st.sets(inside, max_size=4)) - set(extra)
    week = tuple(draw(blocks()) for _ in range(7))
    return Calendar("Asia/Shanghai", week, frozenset(off), tuple(extra.items()))


def worked_before(spans, instants_s):
    """Return the working seconds before local instants, as the metric's expression does."""
    day = instants_s // 86_400
    row = day - spans.days[0]
    of_day = (instants_s % 86_400)[:, None]
    inside = np.clip(of_day - spans.starts[row], 0, spans.lengths[row])
    return spans.before[row] + inside.sum(axis=1)


@given(
    calendars(),
    st.lists(st.tuples(*[st.integers(0, DAYS * 86_400 - 1)] * 2), min_size=1, max_size=20),
    st.integers(0, 2),
)
@settings(max_examples=150)
def test_days_and_clock_agree_for_every_calendar_and_stretch(calendar, pairs, spare):
    spans = day_spans(calendar, FIRST, FIRST + DAYS - 1, most_blocks(calendar) + spare)
    local = np.array(pairs, dtype=np.int64) + FIRST * 86_400
    found = worked_before(spans, local[:, 1]) - worked_before(spans, local[:, 0])
    utc_us = (local - ZONE_S) * 1_000_000
    expected = working_seconds_column(utc_us[:, 0], utc_us[:, 1], calendar)
    assert found.tolist() == expected.tolist()


def test_no_day_is_no_row():
    assert len(day_spans(Calendar(), 10, 9, 1).days) == 0


def test_days_off_before_the_first_one_change_nothing():
    calendar = Calendar(holidays=frozenset({date(2026, 8, 1)}))
    spans = day_spans(calendar, FIRST, FIRST + 1, 1)
    assert spans.lengths.tolist() == [[15 * 3600], [15 * 3600]]
