"""Arranges one document as a page: every word and length a template needs, nothing left to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huisheng.app.report import drawing
from huisheng.app.report.amounts import amount, count, long_span
from huisheng.app.report.document import Document, LicenceEntry, MetricEntry
from huisheng.app.report.labels import (
    COLUMNS,
    QUALITY,
    WEEKDAYS,
    Labels,
    platform_name,
    table_name,
)
from huisheng.app.report.phrases import parts
from huisheng.app.report.points import stuck_points
from huisheng.app.report.sections import (
    CardView,
    DepartmentBar,
    Lead,
    PointView,
    department_bars,
    lead,
    point_view,
    shop_cards,
)

HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One line of the table of metrics."""

    name: str
    group: str
    version: str
    value: str
    spread: str
    basis: str
    quality: str
    doubtful: bool
    excluded: tuple[tuple[str, str], ...]
    assumption: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A plain table."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """How right one label is; `why` says what stands against a licence."""

    name: str
    id: str
    n: str
    precision: str
    recall: str
    kappa: str
    measured_on: str
    granted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """One ranking with what its bars count."""

    title: str
    note: str
    bars: list[drawing.Bar]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page, top to bottom."""

    title: str
    shops: tuple[str, ...]
    period: str
    compared_with: str
    data_hash: str
    data_hash_short: str
    input_quality: str
    lead: Lead
    cards: list[tuple[str, list[CardView]]]
    points: list[PointView]
    departments: list[DepartmentBar]
    heatmaps: list[tuple[str, tuple[drawing.HeatGrid, drawing.HeatGrid]]]
    rankings: list[Ranking]
    daily: list[drawing.Columns]
    metrics: list[tuple[str, list[MetricRow]]]
    grouped_metrics: list[tuple[str, list[MetricRow]]]
    grouped_rows: int
    coverage: Grid
    metric_notes: Grid
    licences: tuple[LicenceRow, ...]
    quarantine_rows: int
    quarantine: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    comparisons: str
    weekdays: tuple[str, ...]


def build_page(document: Document) -> Page:
    """Arrange a document; the same document always gives the same page."""
    labels = Labels(document)
    points = stuck_points(document["findings"])
    views = [point_view(point, document, labels) for point in points]
    shops = tuple(labels.shop(shop) for shop in document["shops"])
    whole = [entry for entry in document["metrics"] if "group" not in entry]
    parted = [entry for entry in document["metrics"] if "group" in entry]
    charts, method = document["charts"], document["method"]
    return Page(
        title=f"服务卡点报告：{'、'.join(shops)}",
        shops=shops,
        period=long_span(document["period"]),
        compared_with=long_span(document["compared_with"]),
        data_hash=document["data_hash"],
        data_hash_short=document["data_hash"][:HASH_SHOWN],
        input_quality=input_quality(document),
        lead=lead(document, points, views),
        cards=shop_cards(document, labels),
        points=views,
        departments=department_bars(charts["departments"]),
        heatmaps=[(heat["label"], drawing.heat_grids(heat)) for heat in charts["heatmaps"]],
        rankings=_rankings(document),
        daily=[drawing.columns(table_name(k), days) for k, days in charts["daily"].items()],
        metrics=metric_rows(whole, labels),
        grouped_metrics=metric_rows(parted, labels),
        grouped_rows=len(parted),
        coverage=free_grid(method["coverage"], labels),
        metric_notes=free_grid(method["metric_notes"], labels),
        licences=licence_rows(document, labels),
        quarantine_rows=quarantine(document)[0],
        quarantine=tuple((reason, count(n)) for reason, n in quarantine(document)[1].items()),
        notes=tuple(method["notes"]),
        missing=tuple(method["missing"]),
        facts=tuple((*method["model"].items(), *document["versions"].items())),
        comparisons=count(method["comparisons"]),
        weekdays=WEEKDAYS,
    )


def input_quality(document: Document) -> str:
    """Return how sound the input is, in one line."""
    entries = [entry for entry in document["metrics"] if "group" not in entry]
    tally = {quality: 0 for quality in QUALITY}
    for entry in entries:
        tally[entry["quality"]] = tally.get(entry["quality"], 0) + 1
    parts = [f"{QUALITY.get(quality, quality)} {n}" for quality, n in tally.items() if n]
    rejected = quarantine(document)[0]
    return f"{len(entries)} 个指标值：{'，'.join(parts)}；隔离 {count(rejected)} 行"


def quarantine(document: Document) -> tuple[int, dict[str, int]]:
    """Return rejected rows and their reasons, most frequent first."""
    reasons = document["quarantine"]["reasons"]
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return document["quarantine"]["rows"], dict(ranked)


def metric_rows(entries: list[MetricEntry], labels: Labels) -> list[tuple[str, list[MetricRow]]]:
    """Return the table of metrics, shop by shop in the order they come."""
    shops: dict[str, list[MetricRow]] = {}
    for entry in entries:
        name = f"{labels.shop(entry['shop_id'])} {platform_name(entry['platform'])}".strip()
        shops.setdefault(name, []).append(_metric_row(entry, labels))
    return list(shops.items())


def _metric_row(entry: MetricEntry, labels: Labels) -> MetricRow:
    unit = labels.unit(entry["id"])
    spread = [("中位", entry.get("p50")), ("九成内", entry.get("p90"))]
    return MetricRow(
        name=labels.metric(entry["id"]),
        group=labels.group(entry.get("group", "")),
        version=entry["version"],
        value=amount(entry["value"], unit),
        spread=" · ".join(f"{name} {amount(p, unit)}" for name, p in spread if p is not None),
        basis=parts(entry["numerator"], entry["denominator"], unit),
        quality=QUALITY.get(entry["quality"], entry["quality"]),
        doubtful=entry["quality"] != "ok",
        excluded=tuple((labels.reason(why), count(n)) for why, n in entry["excluded"].items()),
        assumption=labels.beside(entry),
    )


def _rankings(document: Document) -> list[Ranking]:
    charts = document["charts"]
    rankings = [
        Ranking("买家来问什么", "会话数，按场景", drawing.bars(charts["scenes"])),
        Ranking("买家在说什么", "评价与聊天提到的次数，按方面", drawing.bars(charts["aspects"])),
        Ranking("为什么退款", "退款笔数，按第一次填的原因", drawing.bars(charts["refund_reasons"])),
    ]
    return [ranking for ranking in rankings if ranking.bars]


def licence_rows(document: Document, labels: Labels) -> tuple[LicenceRow, ...]:
    """Return how right each label is, and whether it may score a person.

    Shops are named only where the measure is not that of all.
    """
    return tuple(
        LicenceRow(
            name=f"{one['head_name']} {one['name']}",
            id=one["label"],
            n=f"{one['n']:g}",
            precision=bounds(one["precision"]),
            recall=bounds(one["recall"]),
            kappa=bounds(one["kappa"]),
            measured_on=_measured_on(one, document, labels),
            granted=one["granted"],
            why="；".join(one["why"]),
        )
        for one in document["method"].get("licences", [])
    )


def bounds(some: Sequence[float] | None) -> str:
    """Return a share with its interval, to two digits and without a minus before a zero."""
    if some is None:
        return "未量"
    value, low, high = (f"{round(one, 2) + 0.0:.2f}" for one in some)
    return f"{value}（{low}–{high}）"


def _measured_on(one: LicenceEntry, document: Document, labels: Labels) -> str:
    if set(one["shops"]) == set(document["shops"]):
        return one["measured_on"]
    return f"{one['measured_on']}（{'、'.join(labels.shop(shop) for shop in one['shops'])}）"


def free_grid(rows: Iterable[Mapping[str, str | int | None]], labels: Labels) -> Grid:
    """Return rows of named values as a table; a missing value is said, never shown as 0."""
    kept = list(rows)
    keys = list(dict.fromkeys(key for row in kept for key in row))
    return Grid(
        tuple(COLUMNS.get(key, key) for key in keys),
        tuple(tuple(labels.cell(key, row.get(key)) for key in keys) for row in kept),
    )
