"""Arranges one metric as a page: every word, bar and address its template needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from huisheng.app.licences import licences
from huisheng.app.report import Document, phrases
from huisheng.app.report.amounts import amount, amount_beside, count, limit, long_span, yuan
from huisheng.app.report.document import Card
from huisheng.app.report.drawing import Bar
from huisheng.app.report.labels import QUALITY
from huisheng.app.report.measure_charts import Mark, Trend, trend, value_bars
from huisheng.app.scoring import metric_notice
from huisheng.app.web import library
from huisheng.app.web.measures import answers
from huisheng.app.web.measures.question import Question
from huisheng.app.web.measures.wording import group_name
from huisheng.errors import BadInputError
from huisheng.language import licence
from huisheng.metrics import Better, Metric, MetricValue, Rollup, Unit, Which, Window, headroom

GROUPS_A_PAGE = 50
IN_ORDER = frozenset({"date", "hour", "weekday"})
"""Dimensions shown in their own order, not ranked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number in words, and the address of the records behind it, if there are any."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison of two windows."""

    name: str
    now: Cell
    before: Cell


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the metric stands: value, line, way to go."""

    value: str
    change: str
    judged: str
    threshold: str
    reached: str
    headroom: str
    quality: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day in figures."""

    day: str
    value: str
    basis: Cell


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a breakdown."""

    bar: Bar
    name: str
    value: str
    address: str
    basis: str
    change: str
    judged: str
    note: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One page of the groups, how many there are, and what must stand beside them."""

    rows: tuple[GroupRow, ...]
    total: int
    ranked: bool
    notice: str


def span(window: Window) -> str:
    """Return a window in words."""
    return long_span({"start": window.start.isoformat(), "end": window.end.isoformat()})


def standing(question: Question, delayed: bool) -> Standing:
    """Say where the metric stands now and stood before."""
    now = one_value(question, question.window, question.before)
    before = one_value(question, question.before, question.window)
    card = card_of(question.metric, now, None if before is None else before.value)
    moved = fairly_judged(card, delayed)
    reached = phrases.met(card)
    unit, line = card["unit"], card["threshold"]
    return Standing(
        value=amount_beside(card["value"], line, unit),
        change=phrases.change(moved),
        judged=phrases.judged(moved),
        threshold="没有公布的达标线" if line is None else f"达标线 {limit(line, unit)}",
        reached="" if reached is None else "已达标" if reached else "没到线",
        headroom=phrases.headroom(card),
        quality=QUALITY.get(card["quality"], card["quality"]),
        rows=_rows(question, now, before),
    )


def one_value(question: Question, window: Window, beside: Window) -> MetricValue | None:
    """Return the shop's value over one window, None where the shop is not known to the facts."""
    found = question.of_shop(answers.values(question.metric_id, window, beside))
    return found[0] if found else None


def card_of(metric: Metric, value: MetricValue | None, before: float | None) -> Card:
    """Return a value as the card that sentences are made of."""
    return {
        "metric": value.id if value else "",
        "label": metric.label,
        "question": metric.question,
        "unit": metric.unit.value,
        "better": metric.better.value,
        "shop_id": value.shop_id if value else "",
        "value": value.value if value else None,
        "before": before,
        "threshold": metric.threshold,
        "numerator": value.numerator if value else 0,
        "denominator": value.denominator if value else 0,
        "quality": value.quality if value else "no_data",
        "headroom": _room(metric, value),
        "trend": [],
        "assumption": "",
    }


def fairly_judged(card: Card, delayed: bool) -> Card:
    """Return a card whose change is told without good or bad where outcomes are still to come.

    Comparisons over time need equal follow-up, which the later of two windows has not had.
    """
    return {**card, "better": Better.NEITHER.value} if delayed else card


def _room(metric: Metric, value: MetricValue | None) -> dict[str, int | None] | None:
    share = metric.unit is Unit.SHARE and metric.rollup is Rollup.RATIO
    if value is None or not share or metric.threshold is None:
        return None
    line = Fraction(str(metric.threshold))
    room = headroom(int(value.numerator), value.denominator, line, metric.better)
    return {"more_good": room.more_good, "fewer_bad": room.fewer_bad, "slack": room.slack}


def _rows(
    question: Question, now: MetricValue | None, before: MetricValue | None
) -> tuple[Row, ...]:
    turned = question.turned()
    sides = ((question, now), (turned, before))
    unit = question.metric.unit.value

    def row(name: str, cells: Sequence[Cell]) -> Row:
        return Row(name, cells[0], cells[1])

    rows = [row("数值", [Cell(amount(value.value if value else None, unit)) for _, value in sides])]
    if question.metric.rollup is Rollup.MEAN:
        rows.append(row("中位数", [Cell(amount(v.p50 if v else None, unit)) for _, v in sides]))
        rows.append(row("九成位", [Cell(amount(v.p90 if v else None, unit)) for _, v in sides]))
    rows.append(row(_top(question.metric), [_numerator(asked, value) for asked, value in sides]))
    rows.append(row(_bottom(question.metric), [_denominator(asked, v) for asked, v in sides]))
    for reason in sorted({*_excluded(now), *_excluded(before)}):
        told = question.metric.reasons.get(reason, reason)
        cells = [_left_out(asked, value, reason) for asked, value in sides]
        rows.append(row(f"原因：{told}", cells))
    quality = [
        Cell(QUALITY.get(v.quality, v.quality) if v else QUALITY["no_data"]) for _, v in sides
    ]
    return (*rows, row("数据", quality))


def _top(metric: Metric) -> str:
    return "分子" if metric.rollup is Rollup.RATIO else "合计"


def _bottom(metric: Metric) -> str:
    return "分母" if metric.rollup is Rollup.RATIO else "记录数"


def _numerator(question: Question, value: MetricValue | None) -> Cell:
    if value is None or not value.numerator:
        return Cell("0" if value else "—")
    text = parts_of(question.metric, value)[0]
    if question.metric.rollup is not Rollup.PEAK:
        return Cell(text, question.records(which=Which.NUMERATOR))
    hours = question.of_shop(
        answers.values(question.metric_id, question.window, question.before, by="hour")
    )
    busiest = max(hours, key=lambda hour: hour.numerator).group or ""
    return Cell(text, question.records(which=Which.NUMERATOR, by="hour", group=busiest))


def _denominator(question: Question, value: MetricValue | None) -> Cell:
    if value is None or not value.denominator:
        return Cell("0" if value else "—")
    text = parts_of(question.metric, value)[1]
    return Cell(text, question.records(which=Which.DENOMINATOR))


def _left_out(question: Question, value: MetricValue | None, reason: str) -> Cell:
    number = value.excluded.get(reason, 0) if value else 0
    return Cell(count(number), question.records(reason=reason) if number else "")


def _excluded(value: MetricValue | None) -> list[str]:
    return list(value.excluded) if value else []


def parts_of(metric: Metric, value: MetricValue) -> tuple[str, str]:
    """Return numerator and denominator in words."""
    tail = {Unit.SECONDS: " 秒", Unit.HOURS: " 小时"}.get(metric.unit, "")
    money = metric.unit is Unit.YUAN
    shown = yuan(value.numerator) if money else f"{count(value.numerator)}{tail}"
    return shown, count(value.denominator)


def days(question: Question, marks: Sequence[Mark] = ()) -> tuple[Trend | None, tuple[Day, ...]]:
    """Draw the trend with its marks, and give every day in figures with its records."""
    metric = question.metric
    now = by_day(question, question.window, question.before)
    before = by_day(question, question.before, question.window)
    dates = [
        (question.window.start + timedelta(days=n)).isoformat() for n in range(question.window.days)
    ]
    earlier = [
        (question.before.start + timedelta(days=n)).isoformat() for n in range(question.before.days)
    ]
    unit = metric.unit.value
    basis = {day: " / ".join(parts_of(metric, value)) for day, value in now.items()}
    drawn = trend(
        metric.label,
        unit,
        [(day, now[day].value if day in now else None, basis.get(day, "")) for day in dates],
        [before[day].value if day in before else None for day in earlier],
        metric.threshold,
        marks,
    )
    told = tuple(
        Day(
            day,
            amount(now[day].value if day in now else None, unit),
            Cell(basis.get(day, "—"), _day_records(question, day) if day in now else ""),
        )
        for day in dates
    )
    return drawn, told


def by_day(question: Question, window: Window, beside: Window) -> dict[str, MetricValue]:
    """Return the values of the days of a window that have any."""
    found = question.of_shop(answers.values(question.metric_id, window, beside, by="date"))
    return {value.group: value for value in found if value.group is not None}


def _day_records(question: Question, day: str) -> str:
    return question.records(by="date", group=day)


def breakdown(question: Question, by: str, sort: str, page: int, document: Document) -> Breakdown:
    """Rank the groups of one dimension, the worst first, those with few cases after the others."""
    asked = (question.window, question.before)
    delayed = answers.shape(question.metric_id, *asked).delayed
    ordered = compared_groups(question, by, sort)
    first = (page - 1) * GROUPS_A_PAGE
    shown = ordered[first : first + GROUPS_A_PAGE]
    bars = value_bars(
        [
            (
                value.group or "",
                group_name(by, value.group or "", document),
                value.value,
                before.value if before else None,
                question.metric.unit.value,
            )
            for value, before in shown
        ]
    )
    rows = tuple(
        _group_row(question, by, value, before, bar, delayed)
        for (value, before), bar in zip(shown, bars, strict=True)
    )
    return Breakdown(rows, len(ordered), by not in IN_ORDER, notice_of(question, by))


def notice_of(question: Question, by: str) -> str:
    """Return what must stand beside groups that are people; nothing where it may score them."""
    try:
        holding = licences(library.workspace(), question.shop_id)
    except BadInputError:
        # A page cannot mend the file; until it is mended it grants nothing.
        holding = licence.Licences()
    return metric_notice(question.metric, by, holding)


def compared_groups(
    question: Question, by: str, sort: str
) -> list[tuple[MetricValue, MetricValue | None]]:
    """Return every group of a dimension in its place, each with what it was before."""
    asked = (question.window, question.before)
    now = question.of_shop(answers.values(question.metric_id, *asked, by=by))
    then = question.of_shop(answers.values(question.metric_id, *asked[::-1], by=by))
    before = {value.group: value for value in then}
    if by not in IN_ORDER:
        now = sorted(now, key=lambda value: _place(question.metric, value, sort))
    return [(value, before.get(value.group)) for value in now]


def _place(metric: Metric, value: MetricValue, sort: str) -> tuple[bool, bool, float, str]:
    """Return the rank of a group: by size, or the worst first where there is a better."""
    group = value.group or ""
    if sort == "size" or value.value is None:
        return (value.value is None, False, -value.denominator, group)
    few = value.denominator < metric.min_sample and metric.better is not Better.NEITHER
    sign = 1 if metric.better is Better.HIGHER else -1
    return (False, few, sign * value.value, group)


def _group_row(
    question: Question,
    by: str,
    value: MetricValue,
    before: MetricValue | None,
    bar: Bar,
    delayed: bool,
) -> GroupRow:
    metric = question.metric
    card = fairly_judged(card_of(metric, value, before.value if before else None), delayed)
    note = "" if value.quality in ("ok", "no_data") else QUALITY.get(value.quality, value.quality)
    # A handful of cases that moved is no news.
    told = card["before"] is not None and value.quality != "low_sample"
    return GroupRow(
        bar=bar,
        name=bar.label,
        value=amount(value.value, metric.unit.value),
        address=question.records(by=by, group=value.group or ""),
        basis=" / ".join(parts_of(metric, value)),
        change=phrases.change(card) if told else "",
        judged=phrases.judged(card),
        note=note,
    )
