"""Break cases down: where each dimension's value comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis

from huisheng.catalog import did_you_mean
from huisheng.errors import UnknownNameError
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import local_day, local_hour

UNKNOWN = "未知"
VALUE = "dimension_value"


@dataclass(frozen=True, slots=True)
class Source:
    """One way to find a dimension: cases that have column `needs` are extended by `attach`."""

    needs: str
    attach: Callable[[Facts, ibis.Table], ibis.Table]


def _from_relation(relation: str, column: str, link: str) -> Source:
    def attach(facts: Facts, cases: ibis.Table) -> ibis.Table:
        right = facts.relation(relation).select(
            "shop_id", link, **{VALUE: ibis._[column].cast("string")}
        )
        keyed = right.filter(right[VALUE].notnull()).distinct()
        return cases.left_join(keyed, ["shop_id", link]).drop("shop_id_right", f"{link}_right")

    return Source(link, attach)


def _hour(facts: Facts, cases: ibis.Table) -> ibis.Table:
    hour = local_hour(cases["at"], facts.offset_us)
    return cases.mutate(**{VALUE: hour.cast("string").lpad(2, "0")})


def _weekday(facts: Facts, cases: ibis.Table) -> ibis.Table:
    # 1970-01-01 was a Thursday; Monday is 1.
    weekday = (local_day(cases["at"], facts.offset_us) + 3) % 7 + 1
    return cases.mutate(**{VALUE: weekday.cast("string")})


def _date(facts: Facts, cases: ibis.Table) -> ibis.Table:
    return cases.mutate(**{VALUE: local_day(cases["at"], facts.offset_us).cast("string")})


DIMENSIONS: Mapping[str, tuple[str, tuple[Source, ...]]] = {
    "date": ("日期", (Source("at", _date),)),
    "hour": ("小时", (Source("at", _hour),)),
    "weekday": ("星期", (Source("at", _weekday),)),
    "product_id": ("商品", (_from_relation("order_products", "product_id", "order_no"),)),
    "sku_id": ("规格", (_from_relation("order_products", "sku_id", "order_no"),)),
    "category": (
        "类目",
        (
            _from_relation("product_categories", "category", "product_id"),
            _from_relation("order_products", "category", "order_no"),
        ),
    ),
    "province": ("省份", (_from_relation("order_facts", "province", "order_no"),)),
    "carrier": ("快递", (_from_relation("order_facts", "carrier", "order_no"),)),
    "warehouse": ("仓库", (_from_relation("order_facts", "warehouse", "order_no"),)),
    "campaign_id": ("活动", (_from_relation("order_facts", "campaign_id", "order_no"),)),
    "channel": ("渠道", (_from_relation("order_facts", "channel", "order_no"),)),
    "agent_id": ("客服", ()),
    "agent_group": ("客服组", (_from_relation("agent_groups", "agent_group", "agent_id"),)),
    "reception_type": ("接待方式", ()),
    "refund_reason": ("退款原因", ()),
    "ticket_type": ("工单类型", ()),
    "step": ("步骤", ()),
}
"""Label and sources of every dimension; a column of the same name in the cases comes first."""


def by_dimension(facts: Facts, cases: ibis.Table, dimension: str) -> ibis.Table:
    """Return the cases with the dimension's value as column `dimension_value`, text, never null.

    A case may fall in several groups (an order holds several products), so parts may add up to
    more than the whole along product dimensions.

    Raises:
        UnknownNameError: no such dimension, or these cases do not have it.
    """
    if dimension not in DIMENSIONS:
        raise UnknownNameError(f"没有维度「{dimension}」{did_you_mean(dimension, DIMENSIONS)}")
    attached = _attached(facts, cases, dimension)
    return attached.mutate(**{VALUE: attached[VALUE].fill_null(UNKNOWN)})


def available(cases: ibis.Table) -> tuple[str, ...]:
    """Return the dimensions that cases of this shape can be broken down by."""
    return tuple(
        name
        for name, (_, sources) in DIMENSIONS.items()
        if name in cases.columns or any(s.needs in cases.columns for s in sources)
    )


def _attached(facts: Facts, cases: ibis.Table, dimension: str) -> ibis.Table:
    if dimension in cases.columns:
        return cases.mutate(**{VALUE: cases[dimension].cast("string")})
    for source in DIMENSIONS[dimension][1]:
        if source.needs in cases.columns:
            return source.attach(facts, cases)
    raise UnknownNameError(
        f"这个指标不能按「{dimension}」拆分，可用：{'、'.join(available(cases))}"
    )
