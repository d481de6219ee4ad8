"""What a manager declares before looking: cause, fix, metric, segment, date, window, control."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from huisheng.catalog import did_you_mean
from huisheng.errors import BadInputError, UnknownNameError
from huisheng.metrics import CATEGORY_PATH, DIMENSIONS, PROVINCE_SUFFIX, Better, Rollup, find

WHERE = "验证计划"
AUTO = "auto"
KEYS = ("name", "cause", "metric", "segment", "fix_date", "window_days", "control")
EXAMPLE = "{sku_id: SKU-1}"
FEWEST_DAYS, MOST_DAYS = 4, 180
COMPARABLE = (Rollup.RATIO, Rollup.MEAN)


@dataclass(frozen=True, slots=True)
class Plan:
    """A fix and how it will be judged.

    Attributes:
        name: of the fix.
        cause: what was wrong.
        metric: id, or `id@version`.
        segment: dimension → value; a case belongs to it when every value fits.
        fix_date: first local day on which the fix was in force.
        window_days: how many days before and after are compared.
        control: dimension → values to compare with, or None to choose them.
    """

    name: str
    cause: str
    metric: str
    segment: Mapping[str, str]
    fix_date: date
    window_days: int
    control: Mapping[str, tuple[str, ...]] | None


def parse_plan(raw: object) -> Plan:
    """Read a plan as YAML gives it.

    Raises:
        BadInputError: a key is missing, unknown or holds what it cannot hold.
    """
    if not isinstance(raw, Mapping):
        raise BadInputError(WHERE, "不是「键: 值」的形式", f"需要这些键：{'、'.join(KEYS)}")
    unknown = [str(key) for key in raw if key not in KEYS]
    if unknown:
        raise BadInputError(
            WHERE, f"不认识的键「{unknown[0]}」{did_you_mean(unknown[0], KEYS)}", "请改正或删去"
        )
    missing = [key for key in KEYS if raw.get(key) is None]
    if missing:
        raise BadInputError(
            WHERE, f"缺少 {'、'.join(missing)}", f"一份计划要写明：{'、'.join(KEYS)}"
        )
    return Plan(
        name=_text("name", raw["name"]),
        cause=_text("cause", raw["cause"]),
        metric=_metric(raw["metric"]),
        segment={
            dimension: _value(f"segment.{dimension}", dimension, value)
            for dimension, value in _by_dimension("segment", raw["segment"])
        },
        fix_date=_date(raw["fix_date"]),
        window_days=_days(raw["window_days"]),
        control=_control(raw["control"]),
    )


def _at(key: str) -> str:
    return f"{WHERE}的 {key}"


def _text(key: str, value: object) -> str:
    """Return a name or number as text: YAML reads an unquoted id as a number."""
    if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
        return str(value).strip()
    raise BadInputError(_at(key), f"应是一段文字，而不是「{value}」", "请写成文字，编号请加引号")


def _metric(value: object) -> str:
    metric_id = _text("metric", value)
    try:
        _, metric, _ = find(metric_id)
    except UnknownNameError as exc:
        raise BadInputError(_at("metric"), str(exc), "可用 metrics list 查看全部指标") from exc
    if metric.rollup not in COMPARABLE:
        raise BadInputError(
            _at("metric"), f"「{metric.label}」是总量，随生意大小变化", "请改用比率或平均值的指标"
        )
    if metric.better is Better.NEITHER:
        raise BadInputError(
            _at("metric"), f"「{metric.label}」没有好坏方向", "请改用越高越好或越低越好的指标"
        )
    return metric_id


def _by_dimension(key: str, value: object) -> Iterable[tuple[str, object]]:
    if not isinstance(value, Mapping) or not value:
        raise BadInputError(_at(key), "应写成 {维度: 值}", f"例如 {key}: {EXAMPLE}")
    known = [name for name in DIMENSIONS if name != "date"]
    for dimension in value:
        if dimension not in known:
            raise BadInputError(
                _at(key),
                f"没有维度「{dimension}」{did_you_mean(str(dimension), known)}",
                f"例如 {key}: {EXAMPLE}",
            )
    return [(str(dimension), item) for dimension, item in value.items()]


def _value(key: str, dimension: str, value: object) -> str:
    """Return a dimension's value as the records spell it."""
    text = _text(key, value)
    return SPELLING[dimension](text) if dimension in SPELLING else text


def _hour(text: str) -> str:
    return text.zfill(2)


def _last_category(text: str) -> str:
    return re.sub(CATEGORY_PATH, "", text).strip()


def _short_province(text: str) -> str:
    return re.sub(PROVINCE_SUFFIX, "", text)


SPELLING: Mapping[str, Callable[[str], str]] = {
    "hour": _hour,
    "category": _last_category,
    "province": _short_province,
}


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)) is None:
            raise ValueError(value)
        return date.fromisoformat(str(value))
    except ValueError as exc:
        raise BadInputError(
            _at("fix_date"), f"「{value}」不是日期", "请写成 2026-08-01 这样"
        ) from exc


def _days(value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if isinstance(value, int) and whole and FEWEST_DAYS <= value <= MOST_DAYS:
        return value
    raise BadInputError(
        _at("window_days"),
        f"「{value}」不是 {FEWEST_DAYS} 到 {MOST_DAYS} 之间的整数",
        "请写修复前后各比较多少天，例如 14",
    )


def _control(value: object) -> Mapping[str, tuple[str, ...]] | None:
    if value == AUTO:
        return None
    if not isinstance(value, Mapping):
        raise BadInputError(
            _at("control"), f"应是 {AUTO} 或 {{维度: [值]}}", f"请写 control: {AUTO}"
        )
    return {
        dimension: _values(dimension, listed)
        for dimension, listed in _by_dimension("control", value)
    }


def _values(dimension: str, listed: object) -> tuple[str, ...]:
    key = f"control.{dimension}"
    if not isinstance(listed, list) or not listed:
        raise BadInputError(_at(key), "应是一列值", f"例如 {dimension}: [甲, 乙]")
    return tuple(_value(key, dimension, value) for value in listed)
