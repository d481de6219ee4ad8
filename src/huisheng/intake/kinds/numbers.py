"""Whole numbers, fractions, percentages and durations as exports write them."""

import math
import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.cells import PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import Outcome, UnreadableError, read_cells

_WHOLE = r"^[+-]?[0-9]{1,18}$"
_FRACTION = r"^[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_UNIT = re.compile(r"(?:件|个|次|人|天|日|条|单|分|级|星|岁|倍|折|小时|千克|公斤|kg|KG|%|‰)$")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DURATION = re.compile(
    r"(?:(?P<d>\d+(?:\.\d+)?)天)?(?:(?P<h>\d+(?:\.\d+)?)(?:小时|时|h))?"
    r"(?:(?P<m>\d+(?:\.\d+)?)(?:分钟|分|min|m))?(?:(?P<s>\d+(?:\.\d+)?)(?:秒钟|秒|s))?",
    re.ASCII,
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2}(?:\.\d+)?)", re.ASCII)
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SCALE = {"%": 0.01, "‰": 0.001}


def parse_integer(cells: pa.Array) -> Outcome:
    """Return int64; `3件`, `1,200` and durations (in seconds) are read."""
    cells = nulled(cells, PLACEHOLDERS)
    usual = pc.match_substring_regex(cells, _WHOLE)
    return read_cells(cells, usual, _caster(pa.int64()), _integer, pa.int64())


def parse_number(cells: pa.Array) -> Outcome:
    """Return float64; percentages become fractions and durations seconds."""
    cells = nulled(cells, PLACEHOLDERS)
    usual = pc.match_substring_regex(cells, _FRACTION)
    return read_cells(cells, usual, _caster(pa.float64()), _number, pa.float64())


def _caster(kind: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    # Arrow refuses a leading plus sign.
    return lambda cells: pc.cast(pc.utf8_ltrim(cells, "+"), kind)


def _integer(text: str) -> int:
    value = _number(text)
    if value != int(value) or abs(value) > 2**53:
        raise UnreadableError("不是整数，请改正")
    return int(value)


def _number(text: str) -> float:
    plain = re.sub(r"[,，\s]", "", text)
    if (seconds := _duration(plain)) is not None:
        return seconds
    unit = _UNIT.search(plain)
    digits = plain[: unit.start()] if unit else plain
    if not _DECIMAL.fullmatch(digits):
        raise UnreadableError("不是数字，请改正")
    value = float(digits) * (_SCALE.get(unit.group(), 1) if unit else 1)
    if not math.isfinite(value):
        raise UnreadableError("数字过大，请核对")
    # 85.5% must be 0.855 and not 0.8550000000000001.
    return round(value, 15) if unit and unit.group() in _SCALE else value


def _duration(text: str) -> float | None:
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return int(hours or 0) * 3_600 + int(minutes) * 60 + float(seconds)
    found = _DURATION.fullmatch(text)
    parts = {unit: value for unit, value in found.groupdict().items() if value} if found else {}
    # A lone number of days or points is a count with a unit, not a stretch of time.
    if not parts or set(parts) == {"d"} or (set(parts) == {"m"} and text.endswith("分")):
        return None
    return sum(float(value) * _SECONDS[unit] for unit, value in parts.items())
