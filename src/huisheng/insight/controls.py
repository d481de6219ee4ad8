"""Choose what a treated segment is compared with: neighbours that nobody touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huisheng.insight.compared import BoolArray, CaseReader, Cases, IntArray, Membership
from huisheng.insight.did import (
    FEWEST_EVENTS,
    NO_SPREAD,
    Estimate,
    Group,
    Spread,
    compare_means,
    compare_rates,
    dispersion,
    spread_between,
)
from huisheng.insight.plan import Plan
from huisheng.insight.span import Span
from huisheng.metrics import VALUE, Facts

UNKNOWN = "未知"
FEWEST_CASES = 20
"""A control segment needs this many cases in each window."""
MOVED = 0.01
"""p-value below which a segment that already moved before the fix is no control."""
CATEGORISED = ("product_id", "sku_id")

NO_DATA, TOO_SMALL = "没有数据", "样本太少"
ALREADY_MOVED, OTHER_CATEGORY = "修复前自身就在变化", "不同类目"


@dataclass(frozen=True, slots=True)
class Control:
    """What is compared with: its cases, their segments, and why other segments are not in it.

    `spread` is by how much the segments change beyond chance.
    """

    cases: BoolArray
    values: tuple[str, ...]
    left_out: Mapping[str, str]
    spread: Spread


@dataclass(frozen=True, slots=True)
class Method:
    """How two groups are compared: as rates of 0/1 (or weighted) cases, or as means."""

    is_rate: bool

    def compare(self, treated: Group, control: Group, spread: Spread = NO_SPREAD) -> Estimate:
        """Estimate the effect."""
        if self.is_rate:
            return compare_rates(treated, control, spread)
        return compare_means(treated, control)

    def can_compare(self, *groups: Group) -> bool:
        """Return whether every window holds enough for a variance."""
        cells = [cell for group in groups for cell in (group.before, group.after)]
        if self.is_rate:
            return all(cell.events >= FEWEST_EVENTS for cell in cells)
        return all((cell.y > 0).sum() > 1 for cell in cells)


def named_control(reader: CaseReader, plan: Plan, treated: BoolArray) -> Control:
    """Return the control that the plan names, without treated cases."""
    wanted = plan.control or {}
    known = {name: reader.membership(name).values for name in wanted}
    named = [(name, value) for name, listed in wanted.items() for value in listed]
    return Control(
        reader.all_of(wanted) & ~treated,
        tuple(value for name, value in named if value in known[name]),
        {value: NO_DATA for name, value in named if value not in known[name]},
        NO_SPREAD,
    )


def chosen_control(
    facts: Facts, reader: CaseReader, plan: Plan, cases: Cases, span: Span, method: Method
) -> Control:
    """Return other values of the plan's first dimension, pooled.

    Cases that share any part of the segment are left out; so are segments that are small, that
    moved against the rest before the fix, and, for goods, those of other categories where the own
    category is large enough (as many cases before the fix as were treated).

    Args:
        facts: where categories are looked up.
        reader: of the same cases.
        plan: whose segment is treated.
        cases: followed up equally.
        span: days compared.
        method: of comparison.
    """
    dimension, value = next(iter(plan.segment.items()))
    membership = reader.membership(dimension)
    treated, touched = _touched(reader, plan)
    segments = _Segments(cases, membership, ~touched, span)
    known = [code for code in segments.present if membership.values[code] not in (value, UNKNOWN)]
    large = [code for code in known if segments.smallest(code) >= FEWEST_CASES]
    close = large
    if dimension in CATEGORISED:
        near = _same_category(facts, dimension, value)
        enough = max(cases.group(treated, span.first_day, span.days).before.cases, 1)
        own = [code for code in large if membership.values[code] in near]
        close = own if segments.pool(own).before.cases >= enough else large
    steady = _steady(method, segments, close)
    left_out = [
        *((membership.values[code], TOO_SMALL) for code in known if code not in large),
        *((membership.values[code], OTHER_CATEGORY) for code in large if code not in close),
        *((membership.values[code], ALREADY_MOVED) for code in close if code not in steady),
    ]
    return Control(
        segments.cases_of(steady),
        tuple(membership.values[code] for code in steady),
        dict(left_out),
        segments.spread(steady) if method.is_rate else NO_SPREAD,
    )


def _touched(reader: CaseReader, plan: Plan) -> tuple[BoolArray, BoolArray]:
    """Return per case whether it shares all, and whether any, parts of the segment."""
    parts = [reader.all_of({dimension: (value,)}) for dimension, value in plan.segment.items()]
    return np.logical_and.reduce(parts), np.logical_or.reduce(parts)


def _steady(method: Method, segments: "_Segments", codes: Sequence[int]) -> list[int]:
    """Return the segments that did not move before the fix.

    The one that moved most against the rest goes first: it moves the rest's pool too.
    """
    steady = list(codes)
    while steady:
        pooled = Group.halves(segments.pool(steady).before)
        p_value, worst = min(
            (_moved(method, segments.groups[code], pooled), code) for code in steady
        )
        if p_value >= MOVED:
            break
        steady.remove(worst)
    return steady


def _moved(method: Method, group: Group, pooled: Group) -> float:
    """Return the p-value of no movement before the fix; 1 where nothing can be told."""
    halves = Group.halves(group.before)
    return method.compare(halves, pooled).p_value if method.can_compare(halves, pooled) else 1.0


def _same_category(facts: Facts, dimension: str, value: str) -> frozenset[str]:
    """Return the values that share a category with `value`."""
    goods = facts.relation("order_products")
    named = goods.select("category", **{VALUE: goods[dimension]}).distinct()
    own = named.filter(named[VALUE] == value).select("category").distinct()
    rows = facts.engine.arrow(named.semi_join(own, "category").select(VALUE).distinct())
    return frozenset(rows[VALUE].to_pylist())


class _Segments:
    """The free cases of every value of one dimension; codes count the values."""

    def __init__(self, cases: Cases, membership: Membership, free: BoolArray, span: Span) -> None:
        self._cases, self._span = cases, span
        pairs = free[membership.case]
        codes = membership.code[pairs]
        order = np.argsort(codes, kind="stable")
        cuts = np.searchsorted(codes[order], np.arange(1, len(membership.values)))
        self._rows = np.split(membership.case[pairs][order], cuts)
        self.present = [code for code, rows in enumerate(self._rows) if len(rows)]
        self.groups = {code: self._group(self._rows[code]) for code in self.present}

    def smallest(self, code: int) -> float:
        """Return the number of cases in the smaller window."""
        group = self.groups[code]
        return min(group.before.cases, group.after.cases)

    def cases_of(self, codes: Sequence[int]) -> BoolArray:
        """Return the mask of the segments' cases; a case in several counts once."""
        chosen = np.zeros(len(self._cases.day), dtype=np.bool_)
        for code in codes:
            chosen[self._rows[code]] = True
        return chosen

    def pool(self, codes: Sequence[int]) -> Group:
        """Return the segments' cases as one group."""
        return self._group(self.cases_of(codes))

    def spread(self, codes: Sequence[int]) -> Spread:
        """Return the variance of the segments' log changes beyond chance."""
        noise, _ = dispersion(self.pool(codes))
        return spread_between([self.groups[code] for code in codes], noise)

    def _group(self, chosen: BoolArray | IntArray) -> Group:
        return self._cases.group(chosen, self._span.first_day, self._span.days)
