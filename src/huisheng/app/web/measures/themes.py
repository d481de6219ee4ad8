"""Sorts metrics by what they are about: the table their events come from."""

from collections.abc import Mapping

from huisheng.metrics import Metric, all_metrics

EXPOSURE = frozenset({"orders", "order_items", "shipments"})
"""Tables that many metrics merely divide by."""

THEMES: Mapping[str, tuple[str, ...]] = {
    "接待与应答": ("conversations", "messages", "labels"),
    "服务评价": ("session_ratings", "surveys", "survey_answers"),
    "商品评价": ("reviews",),
    "退款与退换": ("refunds",),
    "纠纷与平台求助": ("disputes",),
    "工单与投诉": ("tickets", "ticket_events"),
    "赔付与成本": ("compensations",),
    "物流": ("shipments", "shipment_events"),
    "成交": ("orders", "order_items"),
}
OTHER = "其他"


def by_theme() -> dict[str, dict[str, Metric]]:
    """Return every metric under its theme, themes in the order of a day's work."""
    sorted_: dict[str, dict[str, Metric]] = {theme: {} for theme in (*THEMES, OTHER)}
    for name, metric in all_metrics().items():
        sorted_[theme_of(metric)][name] = metric
    return {theme: found for theme, found in sorted_.items() if found}


def theme_of(metric: Metric) -> str:
    """Return the theme of the first table that is no mere exposure."""
    telling = [table for table in metric.inputs if table not in EXPOSURE]
    table = next(iter(telling or metric.inputs[-1:]), "")
    return next((theme for theme, tables in THEMES.items() if table in tables), OTHER)
