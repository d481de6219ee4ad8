"""A metric's change between two windows, taken apart along one dimension."""

from huisheng.app.report import Document
from huisheng.app.report.part_charts import Step, waterfall
from huisheng.app.web.measures import answers, pages
from huisheng.app.web.measures.question import Question
from huisheng.app.web.measures.wording import group_name
from huisheng.insight import Tally, contributions
from huisheng.metrics import Better, MetricValue, Rollup, Window

SEVERAL_GROUPS = frozenset({"product_id", "sku_id", "category"})
"""Dimensions in which one case may fall in several groups, so that parts would not add up."""
SHOWN = 8


def change_steps(question: Question, by: str, delayed: bool, document: Document) -> list[Step]:
    """Return the way from the compared window's value to this one's; empty where none adds up.

    Where outcomes are still to come, a change is told without good or bad.
    """
    if by in SEVERAL_GROUPS or question.metric.rollup not in (Rollup.RATIO, Rollup.MEAN):
        return []
    now = pages.one_value(question, question.window, question.before)
    before = pages.one_value(question, question.before, question.window)
    if now is None or before is None or now.value is None or before.value is None:
        return []
    found = contributions(
        _tallies(question, by, question.window, question.before),
        _tallies(question, by, question.before, question.window),
    )
    if (
        len(found) < 2
        or abs(sum(part.change for part in found) - (now.value - before.value)) > 1e-9
    ):
        return []
    parts = [(group_name(by, part.group, document), part.change) for part in found[:SHOWN]]
    if found[SHOWN:]:
        parts.append(("其余", sum(part.change for part in found[SHOWN:])))
    better = Better.NEITHER if delayed else question.metric.better
    return waterfall(
        ("对比段", before.value), parts, ("本段", now.value),
        question.metric.unit.value, better.value,
    )  # fmt: skip


def _tallies(question: Question, by: str, window: Window, beside: Window) -> dict[str, Tally]:
    found: list[MetricValue] = question.of_shop(
        answers.values(question.metric_id, window, beside, by=by)
    )
    return {
        value.group or "": Tally(value.numerator, value.denominator)
        for value in found
        if value.denominator
    }
