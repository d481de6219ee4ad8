"""Points in time as exports write them, to int64 UTC microseconds; dates to ISO text."""

import re
from datetime import date, datetime, timedelta
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.cells import PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import Outcome, UnreadableError, read_cells, read_distinct

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a local clock reading, shifted by an offset
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the same
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST, _LATEST = 1990, 2100
_EARLIEST_US = (datetime(_EARLIEST, 1, 1) - _EPOCH) // _MICROSECOND  # noqa: DTZ001 - the same
_LATEST_US = (datetime(_LATEST, 1, 1) - _EPOCH) // _MICROSECOND  # noqa: DTZ001 - the same
_EXCEL_DAYS = range(32_874, 73_051)  # 1990 to 2099

_ISO = (
    r"^(?:199[0-9]|20[0-9][0-9])-[0-9]{2}-[0-9]{2}"
    r"(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?$"
)
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})[-/.年](?P<mo>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?P<rest>.*)", re.ASCII | re.S
)
_MONTH_FIRST = re.compile(
    r"(?P<mo>\d{1,2})[-/](?P<d>\d{1,2})[-/](?P<y>\d{4}|\d{2})(?P<rest>\D.*|)", re.ASCII | re.S
)
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?P<mo>\d{2})(?P<d>\d{2})"
    r"(?:[T ]?(?P<h>\d{2}):?(?P<mi>\d{2}):?(?P<s>\d{2}))?",
    re.ASCII,
)
_CLOCK = re.compile(
    r"[T,，]?(?:星期[一二三四五六日天]|周[一二三四五六日天])?(?P<half>上午|下午|中午|凌晨|早上|晚上)?"
    r"(?P<h>\d{1,2})[:时点](?P<mi>\d{1,2})分?(?::?(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?秒?)?"
    r"(?P<half2>[AaPp][Mm])?(?P<zone>Z|UTC|GMT|CST|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.ASCII,
)
_NEVER = frozenset({"0000-00-00", "0000-00-00 00:00:00", "0001-01-01", "0001-01-01 00:00:00"})
_AFTERNOON = frozenset({"下午", "晚上", "pm"})
_BAD = "不是可识别的时间，请写成 2026-08-01 10:00:00 的样子"


def parse_instant(cells: pa.Array, offset_us: int) -> Outcome:
    """Return UTC microseconds; a time without a zone is a local one, `offset_us` ahead of UTC."""
    cells = nulled(cells, PLACEHOLDERS)
    usual = _iso_instants(cells)
    if usual is None:
        return _any_instants(_plainer(cells), offset_us)
    return Outcome(pc.subtract(usual, offset_us))


def parse_date(cells: pa.Array, offset_us: int) -> Outcome:
    """Return local dates as ISO text."""
    cells = nulled(cells, PLACEHOLDERS)
    return read_distinct(cells, partial(_date, offset_us=offset_us), pa.string())


def _iso_instants(cells: pa.Array) -> pa.Array | None:
    """Return local microseconds if every cell is a plausible ISO clock reading without a zone."""
    try:
        local = pc.cast(pc.cast(cells, pa.timestamp("us")), pa.int64())
    except pa.ArrowInvalid:
        return None
    bounds = pc.min_max(local)
    if len(local) == local.null_count:
        return local
    in_range = bounds["min"].as_py() >= _EARLIEST_US and bounds["max"].as_py() < _LATEST_US
    return local if in_range else None


def _any_instants(cells: pa.Array, offset_us: int) -> Outcome:
    slow = partial(_instant, offset_us=offset_us)
    try:
        return read_cells(
            cells,
            pc.match_substring_regex(cells, _ISO),
            lambda usual: pc.subtract(
                pc.cast(pc.cast(usual, pa.timestamp("us")), pa.int64()), offset_us
            ),
            slow,
            pa.int64(),
        )
    except pa.ArrowInvalid:  # some text has the shape of a date that does not exist
        return read_distinct(cells, slow, pa.int64())


def _plainer(cells: pa.Array) -> pa.Array:
    """Return `2023/5/6 8:00:01` and `2023年5月6日 8:00` in ISO form, all others as they are."""
    odd = pc.match_substring_regex(
        cells, r"^[0-9]{4}(?:[/.年][0-9]{1,2}[/.月]|-[0-9]{1,2}-)[0-9]{1,2}日?(?: +[0-9:]{4,8})?$"
    )
    if not pc.any(odd).as_py():
        return cells
    found = cells.filter(pc.fill_null(odd, False))
    found = pc.replace_substring_regex(found, "[/.年月]", "-")
    found = pc.replace_substring_regex(found, "日| +", " ")
    found = pc.utf8_rtrim(pc.replace_substring_regex(found, " +", " "), " ")
    for _ in range(2):  # matches must not overlap, so neighbours need a second pass
        found = pc.replace_substring_regex(found, r"([- :])([0-9])([- :]|$)", r"\10\2\3")
    return pc.replace_with_mask(cells, pc.fill_null(odd, False), found)


def _date(text: str, offset_us: int) -> str | None:
    utc_us = _instant(text, offset_us)
    if utc_us is None:
        return None
    return (_EPOCH + timedelta(microseconds=utc_us + offset_us)).date().isoformat()


def _instant(text: str, offset_us: int) -> int | None:
    text = text.strip()
    if text in _NEVER:
        return None
    local = _number_instant(text)
    if local is None:
        return _written_instant(text, offset_us)
    return _in_range(local.value_us) - (0 if local.is_utc else offset_us)


class _Reading:
    """A number read as a point in time: UTC for an epoch, else a local clock."""

    __slots__ = ("is_utc", "value_us")

    def __init__(self, value_us: int, *, is_utc: bool) -> None:
        self.value_us = value_us
        self.is_utc = is_utc


def _number_instant(text: str) -> _Reading | None:
    """Read an epoch in seconds, milliseconds or microseconds, or an Excel serial day."""
    if re.fullmatch(r"1\d{9}", text, re.ASCII):
        return _Reading(int(text) * 1_000_000, is_utc=True)
    if re.fullmatch(r"1\d{12}", text, re.ASCII):
        return _Reading(int(text) * 1_000, is_utc=True)
    if re.fullmatch(r"1\d{15}", text, re.ASCII):
        return _Reading(int(text), is_utc=True)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text, re.ASCII) and int(text[:5]) in _EXCEL_DAYS:
        # A serial carries about 10 µs; the clock that wrote it counted milliseconds at best.
        milliseconds = round(float(text) * 86_400_000)
        local = _EXCEL_EPOCH + timedelta(milliseconds=milliseconds)
        return _Reading((local - _EPOCH) // _MICROSECOND, is_utc=False)
    return None


def _written_instant(text: str, offset_us: int) -> int:
    if compact := _COMPACT.fullmatch(text):
        parts = {key: int(value or 0) for key, value in compact.groupdict().items()}
        clock = timedelta(hours=_below(parts["h"], 24), minutes=_below(parts["mi"], 60))
        clock += timedelta(seconds=_below(parts["s"], 60))
        return _in_range(_day(parts["y"], parts["mo"], parts["d"], clock)) - offset_us
    found = _YEAR_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if found is None:
        raise UnreadableError(_BAD)
    year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    clock, zone_us = _clock(re.sub(r"\s", "", found["rest"]))
    local = _in_range(_day(year, int(found["mo"]), int(found["d"]), clock))
    return local - (offset_us if zone_us is None else zone_us)


def _clock(text: str) -> tuple[timedelta, int | None]:
    """Return the time of day and the zone's offset in microseconds, None where none is given."""
    if not text:
        return timedelta(), None
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise UnreadableError(_BAD)
    hour = _hour(int(found["h"]), (found["half"] or found["half2"] or "").lower())
    clock = timedelta(
        hours=hour,
        minutes=_below(int(found["mi"]), 60),
        seconds=_below(int(found["s"] or 0), 60),
        microseconds=int((found["f"] or "").ljust(6, "0")[:6]),
    )
    return clock, _zone(found["zone"])


def _hour(hour: int, half: str) -> int:
    if half and hour <= 12:
        if half in _AFTERNOON or (half == "中午" and hour < 11):
            return hour % 12 + 12
        if half in {"上午", "凌晨", "am"}:
            return hour % 12
    return _below(hour, 24)


def _zone(zone: str | None) -> int | None:
    if zone is None or zone == "CST":  # in these exports CST is China's time, which is the shop's
        return None
    if zone in {"Z", "UTC", "GMT"}:
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=_below(int(digits[:2]), 15), minutes=_below(int(digits[2:]), 60))
    return (offset // _MICROSECOND) * (-1 if zone[0] == "-" else 1)


def _below(value: int, limit: int) -> int:
    if value >= limit:
        raise UnreadableError(_BAD)
    return value


def _day(year: int, month: int, day: int, clock: timedelta) -> int:
    try:
        midnight = datetime.combine(date(year, month, day), datetime.min.time())
    except ValueError as exc:
        raise UnreadableError("日期不存在，请改正") from exc
    return (midnight + clock - _EPOCH) // _MICROSECOND


def _in_range(microseconds: int) -> int:
    if not _EARLIEST_US <= microseconds < _LATEST_US:
        raise UnreadableError(f"时间不在 {_EARLIEST} 至 {_LATEST} 年之间，请核对年份")
    return microseconds
