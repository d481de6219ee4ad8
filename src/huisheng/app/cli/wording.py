"""What the command line says of a metric's numbers, cases and headroom, in Chinese."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from huisheng.metrics import Better, Explanation, Headroom, Metric, MetricValue, Unit

WITHOUT_EVENT = "no_event"
"""Reason of a case that is looked at and has nothing of what the metric counts."""

_WITHOUT_EVENT_TOLD = "在考察范围（分母）内，但没有发生这个指标要数的情形"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shown(value: float | None, unit: Unit) -> str:
    """Return a metric's value as people read it."""
    if value is None:
        return "无数据"
    return f"{value:.2%}" if unit is Unit.SHARE else f"{value:,.2f}"


def explained(found: Explanation, offset_us: int) -> Explanation:
    """Return an explanation with local times, and with a reason wherever a case does not count."""
    facts = _with_local_times(found.facts, offset_us)
    if found.counted or found.reason is not None:
        return dataclasses.replace(found, facts=facts)
    return dataclasses.replace(
        found, reason=WITHOUT_EVENT, sentence=f"不计入：{_WITHOUT_EVENT_TOLD}", facts=facts
    )


def headroom_sentence(metric: Metric, value: MetricValue, line: float, room: Headroom) -> str:
    """Return how far a share is from its threshold."""
    now = f"{metric.label} {shown(value.value, metric.unit)}"
    now += f"（{value.numerator:g} / {value.denominator}），门槛 {line:.2%}"
    if value.value is None:
        return f"{now}：还没有数据"
    higher = metric.better is Better.HIGHER
    if (value.value >= line) if higher else (value.value <= line):
        return f"{now}：已达标，还能再承受 {room.slack} 个不好的"
    ways = {"再有 {} 个好的": room.more_good, "少 {} 个不好的": room.fewer_bad}
    told = [way.format(count) for way, count in ways.items() if count is not None]
    return f"{now}：{'，或'.join(told)}，就能达标"


def _with_local_times(facts: Mapping[str, object], offset_us: int) -> dict[str, object]:
    return {
        name: _local(value, offset_us)
        if (name == "at" or name.endswith("_at")) and type(value) is int
        else value
        for name, value in facts.items()
    }


def _local(instant_us: int, offset_us: int) -> str:
    local = _EPOCH + timedelta(microseconds=instant_us + offset_us)
    return local.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
