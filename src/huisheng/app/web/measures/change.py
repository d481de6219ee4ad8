"""A metric's change between two windows, taken apart along one dimension."""

from dataclasses import dataclass

from huisheng.app.report import Document
from huisheng.app.report.part_charts import Step, waterfall
from huisheng.app.web.measures import answers, pages
from huisheng.app.web.measures.question import Question
from huisheng.app.web.measures.wording import group_name
from huisheng.insight import Part, Tally, contributions
from huisheng.metrics import Better, MetricValue, Rollup, Window

SEVERAL_GROUPS = frozenset({"product_id", "sku_id", "category"})
"""Dimensions in which one case may fall in several groups, so that parts would not add up."""
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """A metric in the compared window and now, and its groups' parts where they add up."""

    before: float | None
    now: float | None
    parts: list[Part]


def change_steps(question: Question, by: str, delayed: bool, document: Document) -> list[Step]:
    """Return the way from the compared window's value to this one's; empty where none adds up.

    Where outcomes are still to come, a change is told without good or bad.
    """
    change = change_of(question, by)
    found = change.parts
    if not found or change.before is None or change.now is None:
        return []
    parts = [(group_name(by, part.group, document), part.change) for part in found[:SHOWN]]
    if found[SHOWN:]:
        parts.append(("其余", sum(part.change for part in found[SHOWN:])))
    better = Better.NEITHER if delayed else question.metric.better
    return waterfall(
        ("对比段", change.before), parts, ("本段", change.now),
        question.metric.unit.value, better.value,
    )  # fmt: skip


def change_of(question: Question, by: str) -> Change:
    """Take a metric's change apart along a dimension."""
    values = (
        pages.one_value(question, question.before, question.window),
        pages.one_value(question, question.window, question.before),
    )
    before, now = (None if found is None else found.value for found in values)
    told = by not in SEVERAL_GROUPS and question.metric.rollup in (Rollup.RATIO, Rollup.MEAN)
    if before is None or now is None or not told:
        return Change(before, now, [])
    found = contributions(
        _tallies(question, by, question.window, question.before),
        _tallies(question, by, question.before, question.window),
    )
    whole = abs(sum(part.change for part in found) - (now - before)) <= 1e-9
    return Change(before, now, found if len(found) > 1 and whole else [])


def _tallies(question: Question, by: str, window: Window, beside: Window) -> dict[str, Tally]:
    found: list[MetricValue] = question.of_shop(
        answers.values(question.metric_id, window, beside, by=by)
    )
    return {
        value.group or "": Tally(value.numerator, value.denominator)
        for value in found
        if value.denominator
    }
