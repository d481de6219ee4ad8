"""Works out where the lines of one metric's charts go, at full width."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from huisheng.app.report.amounts import amount, limit, short_day
from huisheng.app.report.drawing import (
    Bar,
    Tick,
    height,
    padded,
    place,
    stretches,
    tick_positions,
)

TREND_WIDTH, TREND_HEIGHT, TREND_MARGIN = 1000.0, 220.0, 10.0
LETTERS = 16


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One day that has a value."""

    day: str
    x: str
    y: str
    title: str


@dataclass(frozen=True, slots=True)
class Level:
    """A labelled height."""

    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on a day: a campaign that began, a stuck point that was mended."""

    day: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark's place on the axis."""

    x: str
    y: str
    anchor: str
    kind: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A daily trend at full width, with another stretch of days laid under it day by day."""

    title: str
    runs: tuple[str, ...]
    before: tuple[str, ...]
    points: tuple[TrendPoint, ...]
    threshold: Level | None
    levels: tuple[Level, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[MarkLine, ...] = ()


def trend(
    label: str,
    unit: str,
    days: Sequence[tuple[str, float | None, str]],
    before: Sequence[float | None],
    line: float | None,
    marks: Sequence[Mark] = (),
) -> Trend | None:
    """Draw (day, value, what it rests on) per day; None without any value.

    `marks` on other days than these are left out.
    """
    known = [value for _, value, _ in days if value is not None]
    if not known:
        return None
    shown = [*known, *(value for value in before[: len(days)] if value is not None)]
    low, high = padded([*shown, line] if line is not None else shown)
    step = (TREND_WIDTH - 2 * TREND_MARGIN) / max(1, len(days) - 1)

    def x(position: int) -> str:
        return place(TREND_MARGIN + position * step)

    def y(value: float) -> str:
        return height(value, low, high, TREND_HEIGHT)

    def runs(values: Sequence[float | None]) -> tuple[str, ...]:
        return tuple(
            " ".join(f"{x(position)},{y(value)}" for position, value in stretch)
            for stretch in stretches(values)
            if len(stretch) > 1
        )

    spread = f"{amount(min(known), unit)}–{amount(max(known), unit)}"
    return Trend(
        title=f"{label}每日走势，最低–最高 {spread}"
        + (f"，达标线 {limit(line, unit)}" if line is not None else ""),
        runs=runs([value for _, value, _ in days]),
        before=runs(before[: len(days)]),
        points=tuple(
            TrendPoint(
                day, x(position), y(value), f"{short_day(day)} {amount(value, unit)}（{basis}）"
            )
            for position, (day, value, basis) in enumerate(days)
            if value is not None
        ),
        threshold=None if line is None else Level(y(line), f"达标线 {limit(line, unit)}"),
        levels=tuple(Level(y(value), limit(value, unit)) for value in _levels(low, high)),
        ticks=tuple(
            Tick(x(position), short_day(days[position][0]), anchor)
            for position, anchor in tick_positions(len(days))
        ),
        marks=_marks(marks, [day for day, _, _ in days], step),
    )


def _marks(marks: Sequence[Mark], days: Sequence[str], step: float) -> tuple[MarkLine, ...]:
    """Place marks on their days; names of neighbouring ones take turns in two rows."""
    shown = [mark for mark in sorted(marks, key=lambda mark: mark.day) if mark.day in days]
    lines = []
    for number, mark in enumerate(shown):
        at = TREND_MARGIN + days.index(mark.day) * step
        label = mark.label if len(mark.label) <= LETTERS else f"{mark.label[:LETTERS]}…"
        lines.append(
            MarkLine(
                place(at),
                place(12.0 + 13.0 * (number % 2)),
                "end" if at > TREND_WIDTH * 0.8 else "start",
                mark.kind,
                label,
                f"{short_day(mark.day)} {mark.label}",
            )
        )
    return tuple(lines)


def _levels(low: float, high: float) -> list[float]:
    """Return two to five round heights between two values."""
    rough = (high - low) / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step)
    return [round(n * step, 12) for n in range(first, math.floor(high / step) + 1)]


def value_bars(rows: Sequence[tuple[str, str, float | None, float | None, str]]) -> list[Bar]:
    """Draw (id, label, value, value before, unit) as lengths of the largest value."""
    known = [value for row in rows for value in row[2:4] if value is not None]
    longest = max(known, default=0.0) or 1.0

    def length(value: float | None) -> str:
        return "" if value is None else f"{max(0.0, 100 * value / longest):.2f}"

    return [
        Bar(
            label=label,
            id=id_,
            length=length(value) or "0",
            negative="0",
            before=length(before),
            count=amount(value, unit),
            change="",
            share="",
            title=f"{label}：{amount(value, unit)}，对比 {amount(before, unit)}",
        )
        for id_, label, value, before, unit in rows
    ]
