"""What several shops say together: the charts of each, added up."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from huisheng.app.report.document import Ranked, SetAside, ShopCharts

MOST_BARS = 15


def together(by_shop: Mapping[str, ShopCharts], shops: Collection[str]) -> ShopCharts:
    """Add up the charts of some shops."""
    parts = [charts for shop_id, charts in by_shop.items() if shop_id in shops]
    return {
        "scenes": _ranked(part["scenes"] for part in parts),
        "aspects": _ranked(part["aspects"] for part in parts),
        "refund_reasons": _ranked(part["refund_reasons"] for part in parts),
        "daily": _daily(part["daily"] for part in parts),
        "coverage": _coverage(part["coverage"] for part in parts),
    }


def set_aside(by_shop: Mapping[str, Mapping[str, int]]) -> SetAside:
    """Add up the rejected rows of some shops, given per shop and reason; most frequent first."""
    reasons: Counter[str] = Counter()
    for counts in by_shop.values():
        reasons.update(counts)
    ranked = dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))
    return {
        "rows": reasons.total(),
        "reasons": ranked,
        "shops": {shop: dict(counts) for shop, counts in by_shop.items()},
    }


def _ranked(rankings: Iterable[Iterable[Ranked]]) -> list[Ranked]:
    bars: dict[str, Ranked] = {}
    for bar in (bar for ranking in rankings for bar in ranking):
        known = bars.setdefault(bar["id"], {**bar, "count": 0, "before": 0, "negative": 0})
        known["count"] += bar["count"]
        known["before"] += bar["before"]
        known["negative"] += bar["negative"]
    shown = [bar for bar in bars.values() if bar["count"]]
    return sorted(shown, key=lambda bar: (-bar["count"], bar["id"]))[:MOST_BARS]


def _daily(
    volumes: Iterable[Mapping[str, list[tuple[str, int]]]],
) -> dict[str, list[tuple[str, int]]]:
    totals: dict[str, dict[str, int]] = {}
    for label, days in (item for volume in volumes for item in volume.items()):
        total = totals.setdefault(label, {})
        for day, number in days:
            total[day] = total.get(day, 0) + number
    return {label: list(days.items()) for label, days in totals.items()}


def _coverage(
    covered: Iterable[Iterable[dict[str, str | int | None]]],
) -> list[dict[str, str | int | None]]:
    tables: dict[str, list[dict[str, str | int | None]]] = {}
    for row in (row for rows in covered for row in rows):
        tables.setdefault(str(row["table"]), []).append(row)
    return [
        {
            "table": table,
            "rows": sum(int(row["rows"] or 0) for row in rows),
            "start": min((str(row["start"]) for row in rows if row["start"]), default=None),
            "end": max((str(row["end"]) for row in rows if row["end"]), default=None),
        }
        for table, rows in sorted(tables.items())
    ]
