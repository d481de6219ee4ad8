"""Records to numbers: versioned metrics, each case of which says why it is in or out."""

from huisheng.metrics.assumption import Assumption, Chosen
from huisheng.metrics.calendars import OFFICE_HOURS
from huisheng.metrics.cases import Case, CaseList, Which, conversations_about, list_cases
from huisheng.metrics.definition import Better, Metric, Rollup, Unit
from huisheng.metrics.dimensions import DIMENSIONS, VALUE, available, by_dimension
from huisheng.metrics.explain import Explanation, explain
from huisheng.metrics.facts import Facts, Ready, all_relations, nothing_ready
from huisheng.metrics.headroom import Headroom, headroom
from huisheng.metrics.query import (
    MetricValue,
    all_assumptions,
    all_metrics,
    find,
    query,
    shop_platforms,
)
from huisheng.metrics.relations.order_facts import PROVINCE_SUFFIX
from huisheng.metrics.relations.product_categories import SEPARATORS as CATEGORY_PATH
from huisheng.metrics.window import Window, day_of, local_day, local_hour
from huisheng.metrics.window_facts import WindowFacts

__all__ = [
    "CATEGORY_PATH",
    "DIMENSIONS",
    "OFFICE_HOURS",
    "PROVINCE_SUFFIX",
    "VALUE",
    "Assumption",
    "Better",
    "Case",
    "CaseList",
    "Chosen",
    "Explanation",
    "Facts",
    "Headroom",
    "Metric",
    "MetricValue",
    "Ready",
    "Rollup",
    "Unit",
    "Which",
    "Window",
    "WindowFacts",
    "all_assumptions",
    "all_metrics",
    "all_relations",
    "available",
    "by_dimension",
    "conversations_about",
    "day_of",
    "explain",
    "find",
    "headroom",
    "list_cases",
    "local_day",
    "local_hour",
    "nothing_ready",
    "query",
    "shop_platforms",
]
