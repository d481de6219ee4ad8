"""Headline metrics: value, change, distance to the threshold, daily trend."""

from datetime import timedelta
from fractions import Fraction

from huisheng.app.report.document import Card
from huisheng.metrics import (
    Facts,
    Metric,
    MetricValue,
    Rollup,
    Unit,
    Window,
    all_metrics,
    find,
    headroom,
    query,
)

HEADLINES = (
    "ww_satisfaction",
    "resp_3min_rate",
    "first_resp_sec",
    "platform_help_rate",
    "first_quality_refund_rate",
    "return_rate",
    "refund_handle_hours",
    "inquiry_conversion_rate",
    "transfer_human_rate",
    "rating_participation_rate",
    "dsr_product",
    "dsr_logistics",
    "dsr_service",
    "gmv",
)


def cards(facts: Facts, period: Window, before: Window) -> list[Card]:
    """Return one card per headline metric and shop, shops without any data left out."""
    found = []
    for metric_id in HEADLINES:
        if metric_id not in all_metrics():
            continue
        _, metric, _ = find(metric_id)
        earlier = {value.shop_id: value.value for value in query(facts, metric_id, before)}
        trends = _trends(facts, metric_id, period)
        for value in query(facts, metric_id, period):
            if value.denominator:
                trend = trends.get(value.shop_id, {})
                found.append(_card(facts, metric, value, earlier.get(value.shop_id), trend, period))
    return found


def _card(
    facts: Facts,
    metric: Metric,
    value: MetricValue,
    before: float | None,
    trend: dict[str, float | None],
    period: Window,
) -> Card:
    days = [(period.start + timedelta(days=n)).isoformat() for n in range(period.days)]
    return {
        "metric": value.id,
        "label": metric.label,
        "question": metric.question,
        "unit": metric.unit.value,
        "better": metric.better.value,
        "shop_id": value.shop_id,
        "value": value.value,
        "before": before,
        "threshold": metric.threshold,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "quality": value.quality,
        "headroom": _headroom(metric, value),
        "trend": [(day, trend.get(day)) for day in days],
        "assumption": metric.told(metric.versions[0], facts.assumptions),
    }


def _headroom(metric: Metric, value: MetricValue) -> dict[str, int | None] | None:
    share = metric.unit is Unit.SHARE and metric.rollup is Rollup.RATIO
    if not share or metric.threshold is None:
        return None
    line = Fraction(str(metric.threshold))
    room = headroom(int(value.numerator), value.denominator, line, metric.better)
    return {"more_good": room.more_good, "fewer_bad": room.fewer_bad, "slack": room.slack}


def _trends(facts: Facts, metric_id: str, period: Window) -> dict[str, dict[str, float | None]]:
    trends: dict[str, dict[str, float | None]] = {}
    for value in query(facts, metric_id, period, by="date"):
        if value.group is not None:
            trends.setdefault(value.shop_id, {})[value.group] = value.value
    return trends
