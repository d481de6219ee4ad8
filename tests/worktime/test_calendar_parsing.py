"""Calendars written by hand: what is read, and what is refused with which words."""

from datetime import date

import pytest
import yaml

from huisheng.errors import DefinitionError
from huisheng.worktime import Block, Calendar, parse_calendar

HOUR = 3600

SHOP = """
zone: Asia/Shanghai
week:
  mon: ["09:00-12:00", "13:30-18:00"]
  周二: ["09:00-24:00"]
  wed: []
holidays: [2026-10-01/2026-10-03, 2027-01-01]
extra_days:
  2026-10-10: ["10:00-16:00"]
"""


def test_reads_every_key() -> None:
    calendar = parse_calendar(yaml.safe_load(SHOP))
    assert calendar.week[0] == (Block(9 * HOUR, 12 * HOUR), Block(13 * HOUR + 1800, 18 * HOUR))
    assert calendar.week[1] == (Block(9 * HOUR, 24 * HOUR),)
    assert calendar.week[2:] == ((),) * 5
    off = {date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3), date(2027, 1, 1)}
    assert calendar.holidays == off
    assert calendar.blocks_on(date(2026, 10, 10)) == (Block(10 * HOUR, 16 * HOUR),)
    assert calendar.blocks_on(date(2026, 10, 1)) == ()


def test_an_empty_mapping_is_the_default() -> None:
    assert parse_calendar({}) == Calendar()
    assert Calendar().blocks_on(date(2026, 5, 10)) == (Block(8 * HOUR, 23 * HOUR),)


def test_one_list_holds_for_every_day() -> None:
    assert parse_calendar({"week": ["08:00-20:00"]}).week == ((Block(8 * HOUR, 20 * HOUR),),) * 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("week: {mon: ['9点-12点']}", "看不懂"),
        ("week: {mon: ['09:75-12:00']}", "看不懂"),
        ("week: {mon: ['22:00-02:00']}", "跨零点"),
        ("week: {mon: ['09:00-25:00']}", "24:00"),
        ("week: {mon: ['09:00-12:00', '11:00-13:00']}", "重叠"),
        ("week: {mon: ['13:00-18:00', '09:00-12:00']}", "次序"),
        ("week: {monday: ['09:00-12:00']}", "monday"),
        ("week: {mon: '09:00-12:00'}", "列表"),
        ("week: 3", "列表"),
        ("zone: Asia/Nowhere", "时区"),
        ("zone: ''", "时区"),
        ("holidays: ['2026-13-01']", "看不懂"),
        ("holidays: [2026-10-07/2026-10-01]", "不早于"),
        ("holidays: 2026-10-01", "列表"),
        ("extra_days: [2026-10-10]", "日期"),
        ("holidays: [2026-10-01]\nextra_days: {2026-10-01: ['09:00-12:00']}", "既是放假日"),
        ("extra_days: {2026-10-01: [], 2026-10-01T00:00:00: []}", "两次"),
        ("weekdays: {}", "不认识"),
    ],
)
def test_bad_calendars_are_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message) as caught:
        parse_calendar(yaml.safe_load(text), "calendars/夜班.yaml")
    assert caught.value.file == "calendars/夜班.yaml"


def test_a_calendar_built_in_code_is_checked_too() -> None:
    with pytest.raises(DefinitionError, match="7 天"):
        Calendar(week=((),) * 6)
