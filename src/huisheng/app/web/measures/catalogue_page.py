"""Arranges the catalogue of metrics: by theme, with each shop's present value."""

from collections.abc import Sequence
from dataclasses import dataclass

from huisheng.app.report import Document, phrases
from huisheng.app.report.amounts import amount_beside, limit
from huisheng.app.report.document import MetricEntry
from huisheng.app.report.labels import QUALITY, platform_name
from huisheng.app.web.measures.themes import by_theme
from huisheng.metrics import Metric


@dataclass(frozen=True, slots=True)
class ShopValue:
    """Where one shop stands."""

    shop_id: str
    value: str
    basis: str
    reached: str
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One metric of the catalogue."""

    id: str
    label: str
    question: str
    threshold: str
    platforms: str
    versions: int
    values: tuple[ShopValue, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Metrics about one thing."""

    label: str
    entries: tuple[Entry, ...]


def themes(document: Document, shops: Sequence[str]) -> list[Theme]:
    """Return the whole catalogue, with values of the current run."""
    values = {
        (entry["id"], entry["shop_id"]): entry
        for entry in document["metrics"]
        if "group" not in entry
    }
    return [
        Theme(
            label,
            tuple(
                _entry(name, metric, [values.get((name, shop)) for shop in shops], shops)
                for name, metric in found.items()
            ),
        )
        for label, found in by_theme().items()
    ]


def _entry(
    name: str, metric: Metric, found: Sequence[MetricEntry | None], shops: Sequence[str]
) -> Entry:
    line = metric.threshold
    return Entry(
        id=name,
        label=metric.label,
        question=metric.question,
        threshold="" if line is None else limit(line, metric.unit.value),
        platforms="、".join(platform_name(platform) for platform in metric.platforms),
        versions=len(metric.versions),
        values=tuple(
            _shop_value(metric, shop, entry) for shop, entry in zip(shops, found, strict=True)
        ),
    )


def _shop_value(metric: Metric, shop_id: str, entry: MetricEntry | None) -> ShopValue:
    if entry is None or entry["value"] is None:
        return ShopValue(shop_id, "", "", "", "")
    unit = metric.unit.value
    return ShopValue(
        shop_id=shop_id,
        value=amount_beside(entry["value"], metric.threshold, unit),
        basis=phrases.parts(entry["numerator"], entry["denominator"], unit),
        reached=_reached(metric, entry["value"]),
        note="" if entry["quality"] == "ok" else QUALITY.get(entry["quality"], entry["quality"]),
    )


def _reached(metric: Metric, value: float) -> str:
    if metric.threshold is None or metric.better == "neither":
        return ""
    higher = metric.better == "higher"
    good = value >= metric.threshold if higher else value <= metric.threshold
    return "reached" if good else "missed"
