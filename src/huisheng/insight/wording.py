"""Put a finding into one Chinese sentence."""

from collections.abc import Mapping

from huisheng.insight.owners import Vocabulary
from huisheng.insight.steps import step_name
from huisheng.records import Rate

DROPPED_BESIDE = {"sku_id": "product_id"}
"""A specification's name already says its product."""


def title(
    shop_id: str,
    segment: Mapping[str, str],
    problem_label: str,
    observed: Rate,
    expected: Rate,
    vocabulary: Vocabulary,
) -> str:
    """Return «where：what，每百次 x，同类应为 y»."""
    where = "、".join(
        _named(shop_id, dimension, value, vocabulary)
        for dimension, value in segment.items()
        if not any(DROPPED_BESIDE.get(other) == dimension for other in segment)
    )
    now, usual = 100 * (observed.value or 0.0), 100 * (expected.value or 0.0)
    return f"{where}：{problem_label}偏多，每百次 {now:.1f}，同类同期应为 {usual:.1f}"


def _named(shop_id: str, dimension: str, value: str, vocabulary: Vocabulary) -> str:
    name = vocabulary.values.get((shop_id, dimension, value), value)
    if dimension == "step":
        name = step_name(value)
    if dimension == "hour":
        return f"{value} 点"
    return f"{vocabulary.dimensions.get(dimension, dimension)}「{name}」"
