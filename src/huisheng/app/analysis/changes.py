"""What the last full day was like against the weeks before it, and where a change lies."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from huisheng.app.report.document import DayChangeEntry, PartEntry
from huisheng.insight import DayChange, Tally, contributions, day_change, q_values
from huisheng.metrics import (
    DIMENSIONS,
    Facts,
    MetricValue,
    Unit,
    Window,
    available,
    find,
    query,
)

WATCHED = (
    "ww_satisfaction",
    "resp_3min_rate",
    "unreplied_rate",
    "first_resp_sec",
    "transfer_human_rate",
    "negative_emotion_rate",
    "refund_handle_hours",
    "complaint_handle_hours",
    "dsr_product",
    "dsr_logistics",
    "dsr_service",
)
"""Metrics whose cases are settled on their own day; one that waits for returns would always seem
to improve at the end."""
WHERE = ("agent_id", "hour", "reception_type", "carrier", "refund_reason", "ticket_type")
"""Dimensions in which a case falls in one group only, so that parts add up."""
USUAL_DAYS = 28
FALSE_SHARE = 0.1
"""Of the changes shown, at most about this share is chance (Benjamini–Hochberg)."""
PARTS_SHOWN = 6


def last_full_day(facts: Facts, tables: Iterable[str], last: date) -> date:
    """Return the last day that the data covers to its evening.

    An export made in the morning ends in the middle of a day; its hours cannot be compared with
    whole days.
    """
    for name in tables:
        rows = facts.table(name)
        evening = rows.filter((rows.local_date == last.isoformat()) & (rows.local_hour >= 21))
        if facts.engine.arrow(evening.limit(1).select("shop_id")).num_rows:
            return last
    return last - timedelta(days=1)


def day_changes(facts: Facts, day: date) -> list[DayChangeEntry]:
    """Return every metric that `day` can be judged by, those that left their usual range first.

    Each is compared with the days before it of the same shop; the false-discovery rate is held
    over all metrics and shops compared.
    """
    past = Window(day - timedelta(days=USUAL_DAYS), day - timedelta(days=1), facts.offset_us)
    today = Window(day, day, facts.offset_us)
    tested: list[tuple[str, str, Tally, DayChange]] = []
    for metric_id in WATCHED:
        is_share = find(metric_id)[1].unit is Unit.SHARE
        days = query(facts, metric_id, Window(past.start, day, facts.offset_us), by="date")
        for shop_id, series in _by_shop(days).items():
            now = series.pop(day.isoformat(), Tally(0.0, 0.0))
            found = day_change(list(series.values()), now, is_share=is_share)
            if found is not None and now.denominator >= find(metric_id)[1].min_sample:
                tested.append((metric_id, shop_id, now, found))
    if not tested:
        return []
    sure = q_values(np.array([found.p_value for *_, found in tested]))
    judged = sorted(
        ((float(q), *entry) for q, entry in zip(sure, tested, strict=True)),
        key=lambda each: each[:3],
    )
    return [_entry(facts, today, past, *each) for each in judged]


def _entry(
    facts: Facts,
    today: Window,
    past: Window,
    q_value: float,
    metric_id: str,
    shop_id: str,
    now: Tally,
    found: DayChange,
) -> DayChangeEntry:
    _, metric, version = find(metric_id)
    is_sure = q_value <= FALSE_SHARE
    dimensions = set(available(version.cases(facts, today))) if is_sure else set()
    return {
        "metric": metric_id,
        "label": metric.label,
        "unit": metric.unit.value,
        "better": metric.better.value,
        "shop_id": shop_id,
        "day": today.start.isoformat(),
        "value": found.value,
        "usual": found.usual,
        "interval": list(found.interval),
        "numerator": now.numerator,
        "denominator": now.denominator,
        "q_value": q_value,
        "is_sure": is_sure,
        "parts": [
            part
            for dimension in WHERE
            if dimension in dimensions
            for part in _parts(facts, metric_id, shop_id, today, past, dimension)
        ],
    }


def _parts(
    facts: Facts, metric_id: str, shop_id: str, today: Window, past: Window, dimension: str
) -> list[PartEntry]:
    now, before = (
        {
            value.group or "": Tally(value.numerator, value.denominator)
            for value in query(facts, metric_id, window, by=dimension)
            if value.shop_id == shop_id and value.denominator
        }
        for window in (today, past)
    )
    if len({*now, *before}) < 2:
        return []
    parts = contributions(now, before)
    shown, rest = parts[:PARTS_SHOWN], parts[PARTS_SHOWN:]
    entries: list[PartEntry] = [
        {
            "dimension": dimension,
            "dimension_label": DIMENSIONS[dimension][0],
            "group": part.group,
            "change": part.change,
            "cases": part.now.denominator,
        }
        for part in shown
    ]
    if rest:
        entries.append(
            {
                "dimension": dimension,
                "dimension_label": DIMENSIONS[dimension][0],
                "group": None,
                "change": sum(part.change for part in rest),
                "cases": sum(part.now.denominator for part in rest),
            }
        )
    return entries


def _by_shop(values: Iterable[MetricValue]) -> dict[str, dict[str, Tally]]:
    shops: dict[str, dict[str, Tally]] = {}
    for value in values:
        if value.group is not None and value.denominator:
            tally = Tally(value.numerator, value.denominator)
            shops.setdefault(value.shop_id, {})[value.group] = tally
    return shops
