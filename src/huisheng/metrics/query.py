"""Ask for a metric: Σ numerator over Σ denominator, never an average of ratios."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

import ibis

from huisheng.catalog import did_you_mean, load_python, pick
from huisheng.errors import UnknownNameError
from huisheng.metrics.assumption import Assumption
from huisheng.metrics.definition import Metric, Rollup, Version
from huisheng.metrics.dimensions import VALUE, by_dimension
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window, day_of, local_hour


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A metric of one shop (and one group of it) over one window.

    `value`, `numerator`, `p50` and `p90` are in the metric's shown unit. `value` is None where
    the denominator is 0: no denominator, no value.
    """

    id: str
    version: str
    shop_id: str
    platform: str | None
    value: float | None
    p50: float | None
    p90: float | None
    numerator: float
    denominator: int
    window: Window
    quality: str
    excluded: Mapping[str, int]
    group: str | None = None


@cache
def all_metrics() -> Mapping[str, Metric]:
    """Return every metric, by name."""
    return load_python("huisheng.metrics.definitions", "METRIC", Metric)


def find(metric_id: str) -> tuple[str, Metric, Version]:
    """Return the metric and version that `name` or `name@version` means.

    Raises:
        UnknownNameError: there is no such metric or version.
    """
    name, _, version_id = metric_id.partition("@")
    metric = pick(all_metrics(), name)
    version = metric.version(version_id or None)
    if version is None:
        known = [v.id for v in metric.versions]
        raise UnknownNameError(f"{name} 没有版本「{version_id}」{did_you_mean(version_id, known)}")
    return name, metric, version


def query(facts: Facts, metric_id: str, window: Window, by: str | None = None) -> list[MetricValue]:
    """Compute one metric per shop, optionally broken down by one dimension.

    Without `by` every known shop has one value, also when it has no data. Ordered by shop, then
    by group.

    Raises:
        UnknownNameError: no such metric, version or dimension.
    """
    name, metric, version = find(metric_id)
    cases = facts.cases(version.cases, window)
    if by is not None:
        cases = by_dimension(facts.asked_about(window), cases, by)
    sums = facts.engine.arrow(_sums(metric, cases, facts.offset_us, by is not None)).to_pylist()
    groups: dict[tuple[str, str | None], list[Mapping[str, object]]] = {}
    for row in sums:
        groups.setdefault((row["shop_id"], row.get(VALUE)), []).append(row)
    platforms = shop_platforms(facts)
    if by is None:
        for shop_id in platforms:
            groups.setdefault((shop_id, None), [])
    return [
        _no_false_zero(
            facts,
            metric,
            _value(name, metric, version, window, key, rows, platforms.get(key[0]), by),
        )
        for key, rows in sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    ]


@cache
def all_assumptions() -> Mapping[str, tuple[Assumption, str, Metric]]:
    """Return every assumption that a workspace may change, with its metric's id and metric."""
    return MappingProxyType(
        {
            one.id: (one, name, metric)
            for name, metric in all_metrics().items()
            for one in metric.assumptions
        }
    )


def shop_platforms(facts: Facts) -> dict[str, str | None]:
    """Return every shop that has data, with its platform, in order of shop id."""
    return facts.shop_platforms


def _sums(metric: Metric, cases: ibis.Table, offset_us: int, grouped: bool) -> ibis.Table:
    keys = ["shop_id", "reason"] + ([VALUE] if grouped else [])
    if metric.rollup is Rollup.PEAK:
        cases = cases.mutate(hour=local_hour(cases["at"], offset_us))
        keys.append("hour")
    sums: dict[str, ibis.Value] = {
        "numerator": cases.numerator.sum().fill_null(0),
        "denominator": cases.denominator.sum().fill_null(0),
        "cases": cases.count(),
    }
    if metric.case_denominator:
        sums["inside"] = (cases.denominator > 0).cast("int64").sum().fill_null(0)
    if "partial" in cases.columns:
        sums["partial"] = cases.partial.max()
    if metric.rollup is Rollup.MEAN:
        inside = cases.denominator > 0
        sums["p50"] = cases.numerator.cast("float64").quantile(0.5, where=inside)
        sums["p90"] = cases.numerator.cast("float64").quantile(0.9, where=inside)
    return cases.group_by(keys).aggregate(**sums)


def _value(
    name: str,
    metric: Metric,
    version: Version,
    window: Window,
    key: tuple[str, str | None],
    rows: list[Mapping[str, object]],
    platform: str | None,
    by: str | None,
) -> MetricValue:
    numerators = [_int(row["numerator"]) for row in rows]
    numerator = max(numerators, default=0) if metric.rollup is Rollup.PEAK else sum(numerators)
    denominator = sum(_int(row["denominator"]) for row in rows)
    divisor = metric.unit.divisor
    shown = numerator / divisor if divisor != 1 else numerator
    value = _ratio(metric, shown, denominator)
    quality = _quality(metric, denominator, rows)
    if by == "product_id" and denominator < metric.product_min_sample:
        value, quality = None, "low_sample"
    middle = next((row for row in rows if row.get("p50") is not None), {})
    group = key[1]
    return MetricValue(
        id=name,
        version=version.id,
        shop_id=key[0],
        platform=platform,
        value=value,
        p50=_shown(middle.get("p50"), divisor),
        p90=_shown(middle.get("p90"), divisor),
        numerator=shown,
        denominator=denominator,
        window=window,
        quality=quality,
        excluded=_excluded(rows),
        group=day_of(int(group)).isoformat() if by == "date" and group else group,
    )


def _no_false_zero(facts: Facts, metric: Metric, value: MetricValue) -> MetricValue:
    """Turn «no event» into «no data» where the shop never handed over a table events come from.

    Missing is not zero: a shop without any dispute file has no known help rate.
    """
    if not metric.counts_events or value.numerator or value.value is None:
        return value
    if all(value.shop_id in facts.engine.shops(name) for name in metric.inputs):
        return value
    return replace(value, value=None, quality="no_data")


def _ratio(metric: Metric, numerator: float, denominator: int) -> float | None:
    if denominator == 0:
        return None
    if metric.rollup in (Rollup.SUM, Rollup.PEAK):
        return numerator
    return numerator / denominator


def _quality(metric: Metric, denominator: int, rows: Sequence[Mapping[str, object]]) -> str:
    if denominator == 0:
        return "no_data"
    if any(row.get("partial") for row in rows):
        return "partial_input"
    sample = denominator
    if metric.case_denominator:
        sample = metric.case_denominator * sum(_int(row["inside"]) for row in rows)
    return "low_sample" if sample < metric.min_sample else "ok"


def _excluded(rows: Iterable[Mapping[str, object]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        reason = row["reason"]
        if reason is not None:
            counts[str(reason)] = counts.get(str(reason), 0) + _int(row["cases"])
    return dict(sorted(counts.items()))


def _int(value: object) -> int:
    return int(str(value))


def _shown(value: object, divisor: int) -> float | None:
    return None if value is None else float(str(value)) / divisor
