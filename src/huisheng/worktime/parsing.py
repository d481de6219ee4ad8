"""Read a calendar from the plain mapping that a YAML file or a settings page gives."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from huisheng.errors import DefinitionError
from huisheng.worktime.calendar import EVERY_DAY_8_TO_23, Block, Calendar, Day

_KEYS = ("zone", "week", "holidays", "extra_days")
_WEEKDAYS = {
    name: index
    for index, names in enumerate(
        ("mon 周一", "tue 周二", "wed 周三", "thu 周四", "fri 周五", "sat 周六", "sun 周日")
    )
    for name in names.split()
}
_BLOCK = re.compile(
    r"\s*(\d{1,2}):([0-5]\d)(?::([0-5]\d))?\s*[-–~至]\s*(\d{1,2}):([0-5]\d)(?::([0-5]\d))?\s*"
)
_LONGEST_HOLIDAY_DAYS = 366


def parse_calendar(mapping: Mapping[str, object], file: str = "工作日历") -> Calendar:
    """Read `zone`, `week`, `holidays`, `extra_days`; what is absent keeps its default.

    `week` is a list of blocks that holds for every day, or a mapping of `mon … sun` (周一 … 周日)
    to lists, where an absent day is closed. A block is `"09:00-12:00"`. `holidays` lists dates or
    spans such as `"2026-10-01/2026-10-07"`, both ends off. `extra_days` maps a date to its blocks.

    Args:
        mapping: the parsed YAML; a date may be a `date` or ISO text.
        file: named in the error.

    Raises:
        DefinitionError: an unknown key, or anything that cannot be read as described.
    """
    try:
        for key in mapping:
            if key not in _KEYS:
                raise ValueError(f"不认识「{key}」，可用的有 {'、'.join(_KEYS)}")
        return Calendar(
            zone=str(mapping.get("zone", "Asia/Shanghai")),
            week=_week(mapping["week"]) if "week" in mapping else EVERY_DAY_8_TO_23,
            holidays=frozenset(_holidays(mapping.get("holidays"))),
            extra_days=tuple(sorted(_extra_days(mapping.get("extra_days")))),
        )
    except DefinitionError as error:
        raise DefinitionError(file, error.problem) from error
    except ValueError as error:
        raise DefinitionError(file, str(error)) from error


def _week(value: object) -> tuple[Day, ...]:
    if not isinstance(value, Mapping):
        return (_blocks(value),) * 7
    week: list[Day] = [()] * 7
    for name, blocks in value.items():
        if name not in _WEEKDAYS:
            raise ValueError(f"week 里没有「{name}」这一天，请写 mon … sun 或 周一 … 周日")
        week[_WEEKDAYS[name]] = _blocks(blocks)
    return tuple(week)


def _blocks(value: object) -> Day:
    return tuple(_block(item) for item in _list(value))


def _block(value: object) -> Block:
    found = _BLOCK.fullmatch(str(value))
    if found is None:
        raise ValueError(f"时段「{value}」看不懂，请写成 09:00-12:00")
    hour, minute, second, to_hour, to_minute, to_second = (
        int(part or 0) for part in found.groups()
    )
    return Block(hour * 3600 + minute * 60 + second, to_hour * 3600 + to_minute * 60 + to_second)


def _holidays(value: object) -> Iterator[date]:
    for item in _list(value):
        first, _, last = str(item).partition("/")
        start, end = _date(first), _date(last or first)
        if not 0 <= (end - start).days < _LONGEST_HOLIDAY_DAYS:
            raise ValueError(f"放假「{item}」的结束须不早于开始，且不超过一年")
        yield from (start + timedelta(days=offset) for offset in range((end - start).days + 1))


def _extra_days(value: object) -> Iterator[tuple[date, Day]]:
    if value is None:
        return
    if not isinstance(value, Mapping):
        raise ValueError("extra_days 应写成「日期: [时段, …]」")
    for day, blocks in value.items():
        yield _date(str(day)), _blocks(blocks)


def _date(text: str) -> date:
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError as error:
        raise ValueError(f"日期「{text}」看不懂，请写成 2026-10-01") from error


def _list(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise ValueError(f"「{value}」应写成列表，例如 [09:00-12:00, 13:30-18:00]")
    return list(value)
