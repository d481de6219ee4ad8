"""Working time: hand-worked vectors, then the laws of an additive measure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.errors import BadInputError
from huisheng.worktime import (
    Block,
    Calendar,
    add_working_seconds,
    working_seconds,
    working_seconds_column,
)

HOUR = 3600
NINE_TO_SIX = (Block(9 * HOUR, 18 * HOUR),)
WITH_LUNCH = (Block(9 * HOUR, 12 * HOUR), Block(13 * HOUR + 1800, 18 * HOUR))
OFFICE = Calendar(week=(NINE_TO_SIX,) * 5 + ((), ()))
LUNCH = Calendar(week=(WITH_LUNCH,) * 5 + ((), ()))
NATIONAL_DAY = Calendar(
    week=(WITH_LUNCH,) * 5 + ((), ()),
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    extra_days=((date(2026, 10, 10), NINE_TO_SIX),),
)
AROUND_THE_CLOCK = Calendar(week=((Block(0, 24 * HOUR),),) * 7)
NEW_YORK = Calendar(zone="America/New_York", week=AROUND_THE_CLOCK.week)
SKIPPED_HOUR = Calendar(
    zone="America/New_York",
    week=((Block(2 * HOUR, 2 * HOUR + 1800), Block(3 * HOUR, 4 * HOUR)),) * 7,
)
CALENDARS = [Calendar(), OFFICE, LUNCH, NATIONAL_DAY, AROUND_THE_CLOCK, NEW_YORK, SKIPPED_HOUR]

START_2026 = 1_767_225_600_000_000
instants = st.integers(START_2026, START_2026 + 400 * 86_400_000_000)
calendars = st.sampled_from(CALENDARS)


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp() * 1_000_000)


def test_complaint_over_a_weekend_is_two_business_hours_and_65_calendar_hours() -> None:
    raised, closed = at("2026-05-08T17:00"), at("2026-05-11T10:00")
    assert working_seconds(raised, closed, OFFICE) == 2 * HOUR
    assert (closed - raised) / 1e6 == 65 * HOUR


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"),
    [
        (Calendar(), "2026-05-08T22:30", "2026-05-09T08:30", 1.0),
        (LUNCH, "2026-05-08T11:30", "2026-05-08T14:00", 1.0),
        (LUNCH, "2026-05-08T12:10", "2026-05-08T13:20", 0.0),
        (LUNCH, "2026-05-08T00:00", "2026-05-09T00:00", 7.5),
        (NATIONAL_DAY, "2026-09-30T17:00", "2026-10-08T10:00", 2.0),
        (NATIONAL_DAY, "2026-10-10T00:00", "2026-10-12T00:00", 9.0),
        (OFFICE, "2026-05-09T10:00", "2026-05-10T10:00", 0.0),
        (AROUND_THE_CLOCK, "2026-05-08T23:00", "2026-05-10T01:00", 26.0),
    ],
)
def test_hand_worked_hours(calendar: Calendar, start: str, end: str, hours: float) -> None:
    assert working_seconds(at(start), at(end), calendar) == hours * HOUR


def test_summer_time_changes_the_length_of_a_day() -> None:
    for day, next_day, hours in [
        ("2026-03-08", "2026-03-09", 23),
        ("2026-11-01", "2026-11-02", 25),
    ]:
        start, end = (at(f"{text}T00:00", "America/New_York") for text in (day, next_day))
        assert working_seconds(start, end, NEW_YORK) == hours * HOUR


def test_a_block_in_the_skipped_hour_is_not_counted_twice() -> None:
    start, end = (at(f"2026-03-{day}T00:00", "America/New_York") for day in ("08", "09"))
    assert working_seconds(start, end, SKIPPED_HOUR) == HOUR


def test_pauses_are_taken_off_once_and_only_inside_working_time() -> None:
    start, end = at("2026-05-08T09:00"), at("2026-05-08T18:00")
    lunch_and_more = (at("2026-05-08T11:00"), at("2026-05-08T14:00"))
    overlapping = (at("2026-05-08T13:00"), at("2026-05-08T15:00"))
    sticking_out = (at("2026-05-08T17:00"), at("2026-05-09T17:00"))
    assert working_seconds(start, end, LUNCH, [lunch_and_more]) == 6 * HOUR
    assert working_seconds(start, end, LUNCH, [overlapping, lunch_and_more]) == 5 * HOUR
    assert working_seconds(start, end, LUNCH, [sticking_out]) == 6.5 * HOUR
    assert working_seconds(start, end, LUNCH, [(start - 5, start - 1), (end, end)]) == 7.5 * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-05-08T17:00", 1, "2026-05-08T18:00"),
        ("2026-05-08T17:00", 2, "2026-05-11T10:00"),
        ("2026-05-09T03:00", 4, "2026-05-11T14:30"),
        ("2026-09-30T17:00", 7.5, "2026-10-08T17:00"),
    ],
)
def test_due_instants(start: str, hours: float, due: str) -> None:
    assert add_working_seconds(at(start), hours * HOUR, NATIONAL_DAY) == at(due)


def test_no_time_limit_is_due_at_once_even_when_closed() -> None:
    closed = at("2026-05-09T03:00")
    assert add_working_seconds(closed, 0, OFFICE) == closed


def test_a_limit_that_never_ends_is_refused() -> None:
    with pytest.raises(BadInputError, match="没有足够的工作时间"):
        add_working_seconds(START_2026, 60, Calendar(week=((),) * 7))
    with pytest.raises(BadInputError, match="为负"):
        add_working_seconds(START_2026, -1, OFFICE)


def test_seconds_taken_for_microseconds_are_refused() -> None:
    with pytest.raises(BadInputError, match="单位"):
        working_seconds(START_2026, START_2026 * 1000, OFFICE)


def test_columns_must_be_of_one_length() -> None:
    with pytest.raises(BadInputError, match="一样长"):
        working_seconds_column(np.zeros(2, np.int64), np.zeros(3, np.int64), OFFICE)
    assert working_seconds_column(np.zeros(0, np.int64), np.zeros(0, np.int64), OFFICE).shape == (
        0,
    )


@given(instants, instants, instants, calendars)
def test_additive_over_any_three_instants(a: int, b: int, c: int, calendar: Calendar) -> None:
    whole = working_seconds(a, c, calendar)
    parts = working_seconds(a, b, calendar) + working_seconds(b, c, calendar)
    assert whole == pytest.approx(parts, abs=1e-5)


@given(instants, instants, calendars)
def test_never_more_than_calendar_time_nor_less_than_none(
    a: int, b: int, calendar: Calendar
) -> None:
    start, end = sorted((a, b))
    assert 0 <= working_seconds(start, end, calendar) <= (end - start) / 1e6


@given(st.lists(st.tuples(instants, instants), min_size=1, max_size=20), calendars)
def test_column_equals_scalar(pairs: list[tuple[int, int]], calendar: Calendar) -> None:
    table = np.array(pairs, dtype=np.int64)
    column = working_seconds_column(table[:, 0], table[:, 1], calendar)
    assert column.tolist() == [working_seconds(start, end, calendar) for start, end in pairs]


@given(instants, st.integers(0, 40 * 24 * HOUR), calendars)
def test_adding_and_measuring_come_back(start: int, seconds: int, calendar: Calendar) -> None:
    due = add_working_seconds(start, seconds, calendar)
    assert working_seconds(start, due, calendar) == seconds
    if seconds:
        assert working_seconds(start, due - 1, calendar) < seconds


@given(instants, instants, instants, instants, calendars)
def test_a_pause_takes_off_exactly_its_overlap(
    a: int, b: int, c: int, d: int, calendar: Calendar
) -> None:
    (start, end), (begin, stop) = sorted((a, b)), sorted((c, d))
    low, high = max(start, begin), min(end, stop)
    overlap = working_seconds(low, high, calendar) if low < high else 0.0
    paused = working_seconds(start, end, calendar, [(begin, stop)])
    assert paused == pytest.approx(working_seconds(start, end, calendar) - overlap, abs=1e-5)
