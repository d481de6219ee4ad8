"""List the cases behind a number, each with the reason why it is in or out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import ibis

from huisheng.errors import BadInputError
from huisheng.metrics.definition import CASE_COLUMNS, Metric, Rollup
from huisheng.metrics.dimensions import VALUE, by_dimension
from huisheng.metrics.facts import Facts
from huisheng.metrics.query import find
from huisheng.metrics.window import Window, day_number

MOST_CONVERSATIONS = 5


class Which(StrEnum):
    """Which cases of a number are meant.

    A mean has no numerator of its own: all its cases in scope are in the numerator.
    """

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    REMAINDER = "remainder"  # in the denominator alone
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases stand alike; `numerator` and `denominator` are sums in the shown unit."""

    in_numerator: bool
    in_denominator: bool
    reason: str | None
    cases: int
    numerator: float
    denominator: int

    def belongs(self, which: Which | None, reason: str | None = None) -> bool:
        """Return whether these cases are among those meant."""
        if reason is not None and reason != self.reason:
            return False
        return (
            which is None
            or {
                Which.NUMERATOR: self.in_numerator,
                Which.DENOMINATOR: self.in_denominator,
                Which.REMAINDER: self.in_denominator and not self.in_numerator,
                Which.LEFT_OUT: not self.in_numerator and not self.in_denominator,
            }[which]
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One case: `at` in UTC µs, its parts in the shown unit, `facts` what it rests on."""

    case_id: str
    at: int | None
    numerator: float
    denominator: int
    which: Which
    reason: str | None
    sentence: str
    facts: Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class CaseList:
    """A page of cases, how many match, and how all cases of the number stand."""

    cases: tuple[Case, ...]
    total: int
    tallies: tuple[Tally, ...]

    def count(self, which: Which | None = None, reason: str | None = None) -> int:
        """Return how many cases stand so, whatever this page was narrowed to."""
        return sum(tally.cases for tally in self.tallies if tally.belongs(which, reason))


def list_cases(
    facts: Facts,
    metric_id: str,
    window: Window,
    shop_id: str,
    which: Which | None = None,
    reason: str | None = None,
    by: str | None = None,
    group: str | None = None,
    offset: int = 0,
    limit: int = 50,
    case_id: str | None = None,
) -> CaseList:
    """List one shop's cases of a metric, the latest first, in an order that is always the same.

    `by` and `group` narrow to one group as `query` names it (a date is ISO); `which` and `reason`
    narrow the page alone, the tallies tell all. The tallies' numerators, denominators and reasons
    add up to those of the metric's value.

    Raises:
        UnknownNameError: no such metric, version or dimension.
        BadInputError: the group is no date where the dimension is the date.
    """
    _, metric, version = find(metric_id)
    cases = facts.cases(version.cases, window)
    cases = cases.filter(cases.shop_id == shop_id)
    if case_id is not None:
        cases = cases.filter(cases.case_id == case_id)
    if by is not None and group is not None:
        asked = facts.asked_about(window)
        cases = by_dimension(asked, cases, by)
        cases = cases.filter(cases[VALUE] == _stored_group(by, group)).drop(VALUE)
    tallies = _tallies(facts, metric, cases)
    meant = [tally for tally in tallies if tally.belongs(which, reason)]
    total = sum(tally.cases for tally in meant)
    rows = _page(metric, cases, which, reason).limit(limit, offset=offset)
    shown = facts.engine.arrow(rows).to_pylist() if offset < total else []
    return CaseList(tuple(_case(metric, row) for row in shown), total, tallies)


def conversations_about(
    facts: Facts, shop_id: str, order_nos: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the conversations about each of some orders, the latest few first."""
    links = facts.relation("session_orders")
    wanted = links.filter((links.shop_id == shop_id) & links.order_no.isin(sorted(set(order_nos))))
    sessions = facts.relation("sessions").select("shop_id", "conv_id", "started_at")
    dated = wanted.inner_join(sessions, ["shop_id", "conv_id"])
    ordered = dated.order_by(dated.started_at.desc(nulls_first=False), dated.conv_id)
    found: dict[str, tuple[str, ...]] = {}
    for row in facts.engine.arrow(ordered.select("order_no", "conv_id")).to_pylist():
        earlier = found.get(row["order_no"], ())
        found[row["order_no"]] = (*earlier, row["conv_id"])[:MOST_CONVERSATIONS]
    return found


def _stored_group(by: str, group: str) -> str:
    if by != "date":
        return group
    try:
        return str(day_number(date.fromisoformat(group)))
    except ValueError as error:
        problem, remedy = f"「{group}」不是日期", "请写成 2026-08-31 这样"
        raise BadInputError("按日期拆分", problem, remedy) from error


def _in_numerator(metric: Metric, cases: ibis.Table) -> ibis.Value:
    counted = cases.numerator.fill_null(0) != 0
    return counted | _in_denominator(cases) if metric.rollup is Rollup.MEAN else counted


def _in_denominator(cases: ibis.Table) -> ibis.Value:
    return cases.denominator.fill_null(0) != 0


def _tallies(facts: Facts, metric: Metric, cases: ibis.Table) -> tuple[Tally, ...]:
    keys = {
        "in_numerator": _in_numerator(metric, cases),
        "in_denominator": _in_denominator(cases),
        "reason": cases.reason,
    }
    sums = cases.group_by(**keys).aggregate(
        cases=cases.count(),
        numerator=cases.numerator.sum().fill_null(0),
        denominator=cases.denominator.sum().fill_null(0),
    )
    ordered = sums.order_by(
        sums.in_numerator.desc(), sums.in_denominator.desc(), sums.cases.desc(), sums.reason
    )
    return tuple(
        Tally(
            in_numerator=row["in_numerator"],
            in_denominator=row["in_denominator"],
            reason=row["reason"],
            cases=row["cases"],
            numerator=_shown(metric, row["numerator"]),
            denominator=int(row["denominator"]),
        )
        for row in facts.engine.arrow(ordered).to_pylist()
    )


def _page(metric: Metric, cases: ibis.Table, which: Which | None, reason: str | None) -> ibis.Table:
    inside, basis = _in_numerator(metric, cases), _in_denominator(cases)
    if which is not None:
        wanted = {
            Which.NUMERATOR: inside,
            Which.DENOMINATOR: basis,
            Which.REMAINDER: basis & ~inside,
            Which.LEFT_OUT: ~basis & ~inside,
        }
        cases = cases.filter(wanted[which])
    if reason is not None:
        cases = cases.filter(cases.reason == reason)
    rest = sorted(set(cases.columns) - {"at", "case_id"})
    return cases.order_by(cases["at"].desc(nulls_first=False), "case_id", *rest)


def _case(metric: Metric, row: Mapping[str, str | int | float | bool | None]) -> Case:
    numerator, denominator = int(row["numerator"] or 0), int(row["denominator"] or 0)
    inside = numerator != 0 or (metric.rollup is Rollup.MEAN and denominator != 0)
    which = Which.NUMERATOR if inside else Which.REMAINDER if denominator else Which.LEFT_OUT
    reason, at = row["reason"], row["at"]
    told = None if reason is None else str(reason)
    return Case(
        case_id=str(row["case_id"]),
        at=None if at is None else int(at),
        numerator=_shown(metric, numerator),
        denominator=denominator,
        which=which,
        reason=told,
        sentence=_sentence(metric, which, told),
        facts={name: value for name, value in row.items() if name not in CASE_COLUMNS},
    )


def _sentence(metric: Metric, which: Which, reason: str | None) -> str:
    why = metric.reasons.get(reason, reason) if reason else None
    ratio = metric.rollup is Rollup.RATIO
    if which is Which.NUMERATOR:
        return ("计入分子" if ratio else "计入") + (f"（{why}）" if why else "")
    if which is Which.LEFT_OUT or (why and not ratio):
        return f"不计入：{why}" if why else "不计入"
    if not ratio:
        return "计入，数值为 0"
    without = "没有发生要数的情形" if metric.counts_events else "没有达到分子的条件"
    return f"只计入分母：{why or without}"


def _shown(metric: Metric, stored: int) -> float:
    divisor = metric.unit.divisor
    return stored / divisor if divisor != 1 else stored
