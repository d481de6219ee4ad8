"""Writes the report as JSON: the contract outsiders rely on, and nothing besides."""

import json
from collections.abc import Mapping

from huisheng.app.report.document import Document, FindingEntry, MetricEntry


def render_json(document: Document) -> bytes:
    """Return the report as UTF-8 JSON, keys in the contract's order, same input same bytes.

    Floats are written with `repr`, so reading them back gives the same number.

    Raises:
        ValueError: a number is NaN or infinite; such a report must not leave the house.
    """
    contract = {
        "schema": document["schema"],
        "data_hash": document["data_hash"],
        "period": _span(document["period"]),
        "compared_with": _span(document["compared_with"]),
        "shops": document["shops"],
        "metrics": [_metric(entry) for entry in document["metrics"]],
        "findings": [_finding(entry) for entry in document["findings"]],
        "quarantine": {
            "rows": document["quarantine"]["rows"],
            "reasons": document["quarantine"]["reasons"],
        },
    }
    text = json.dumps(contract, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def _metric(entry: MetricEntry) -> dict[str, object]:
    contract: dict[str, object] = {
        "id": entry["id"],
        "version": entry["version"],
        "shop_id": entry["shop_id"],
        "platform": entry["platform"],
    }
    if "group" in entry:
        contract["group"] = entry["group"]
    contract["value"] = entry["value"]
    if "p50" in entry:
        contract["p50"] = entry["p50"]
    if "p90" in entry:
        contract["p90"] = entry["p90"]
    return contract | {
        "numerator": entry["numerator"],
        "denominator": entry["denominator"],
        "window": _span(entry["window"]),
        "quality": entry["quality"],
        "excluded": entry["excluded"],
    }


def _finding(entry: FindingEntry) -> dict[str, object]:
    return {
        "id": entry["id"],
        "shop_id": entry["shop_id"],
        "analysis": entry["analysis"],
        "title": entry["title"],
        "problem": _pick(entry["problem"], "kind", "id"),
        "segment": entry["segment"],
        "department": entry["department"],
        "observed": _pick(entry["observed"], "value", "numerator", "denominator"),
        "expected": _pick(entry["expected"], "value", "numerator", "denominator"),
        "interval": entry["interval"],
        "p_value": entry["p_value"],
        "q_value": entry["q_value"],
        "impact": _pick(entry["impact"], "affected", "cny"),
        "since": entry["since"],
        "evidence": [_pick(evidence, "table", "id", "quote") for evidence in entry["evidence"]],
        "strategy": entry["strategy"],
    }


def _span(span: Mapping[str, object]) -> dict[str, object]:
    return _pick(span, "start", "end")


def _pick(mapping: Mapping[str, object], *keys: str) -> dict[str, object]:
    return {key: mapping[key] for key in keys}
