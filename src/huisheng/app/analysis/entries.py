"""Turn metric values and findings into entries of the report's JSON contract (design §4.3)."""

from huisheng.app.report.document import FindingEntry, MetricEntry, RateEntry, Span
from huisheng.metrics import MetricValue, Window
from huisheng.records import Finding, Rate


def span_entry(window: Window) -> Span:
    """Return a window as local dates."""
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def metric_entry(value: MetricValue) -> MetricEntry:
    """Return a metric value; percentiles and the group only where there are any."""
    entry: MetricEntry = {
        "id": value.id,
        "version": value.version,
        "shop_id": value.shop_id,
        "platform": value.platform,
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "window": span_entry(value.window),
        "quality": value.quality,
        "excluded": dict(value.excluded),
    }
    if value.p50 is not None and value.p90 is not None:
        entry["p50"], entry["p90"] = value.p50, value.p90
    if value.group is not None:
        entry["group"] = value.group
    return entry


def finding_entry(finding: Finding) -> FindingEntry:
    """Return a finding."""
    return {
        "id": finding.id,
        "shop_id": finding.shop_id,
        "analysis": finding.analysis,
        "title": finding.title,
        "problem": {"kind": finding.problem.kind, "id": finding.problem.id},
        "segment": dict(finding.segment),
        "department": finding.department,
        "observed": _rate_entry(finding.observed),
        "expected": _rate_entry(finding.expected),
        "interval": list(finding.interval),
        "p_value": finding.p_value,
        "q_value": finding.q_value,
        "impact": {"affected": finding.impact.affected, "cny": finding.impact.cny},
        "since": finding.since,
        "evidence": [{"table": e.table, "id": e.id, "quote": e.quote} for e in finding.evidence],
        "strategy": finding.strategy,
    }


def _rate_entry(rate: Rate) -> RateEntry:
    return {"value": rate.value, "numerator": rate.numerator, "denominator": rate.denominator}
