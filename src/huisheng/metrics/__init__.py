"""Records to numbers: versioned metrics, each case of which says why it is in or out."""

from huisheng.metrics.definition import Better, Metric, Rollup, Unit
from huisheng.metrics.dimensions import DIMENSIONS, VALUE, by_dimension
from huisheng.metrics.explain import Explanation, explain
from huisheng.metrics.facts import Facts, all_relations
from huisheng.metrics.headroom import Headroom, headroom
from huisheng.metrics.query import MetricValue, all_metrics, find, query, shop_platforms
from huisheng.metrics.relations.order_facts import PROVINCE_SUFFIX
from huisheng.metrics.relations.product_categories import SEPARATORS as CATEGORY_PATH
from huisheng.metrics.window import Window, day_of, local_day, local_hour

__all__ = [
    "CATEGORY_PATH",
    "DIMENSIONS",
    "PROVINCE_SUFFIX",
    "VALUE",
    "Better",
    "Explanation",
    "Facts",
    "Headroom",
    "Metric",
    "MetricValue",
    "Rollup",
    "Unit",
    "Window",
    "all_metrics",
    "all_relations",
    "by_dimension",
    "day_of",
    "explain",
    "find",
    "headroom",
    "local_day",
    "local_hour",
    "query",
    "shop_platforms",
]
