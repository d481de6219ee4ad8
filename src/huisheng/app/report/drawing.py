"""Works out where the lines of each chart go; templates only write the SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from huisheng.app.report.amounts import Scale, amount, count, limit, short_day, then
from huisheng.app.report.document import Card, FindingEntry, Heatmap, Ranked
from huisheng.app.report.labels import WEEKDAYS

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 260.0, 58.0, 5.0
INTERVAL_WIDTH, INTERVAL_MARGIN = 420.0, 40.0
COLUMNS_WIDTH, COLUMNS_HEIGHT = 360.0, 84.0
_ZOOM_BELOW = 0.45
_DARKEST = 0.92
_FAINTEST = 0.06


@dataclass(frozen=True, slots=True)
class Spark:
    """A daily trend: unbroken stretches as point lists, the last day, the threshold's height."""

    title: str
    runs: tuple[str, ...]
    singles: tuple[tuple[str, str], ...]
    last: tuple[str, str]
    threshold: str | None
    caption: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on a horizontal axis."""

    x: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class IntervalMark:
    """Observed rate with its interval, and where it should have been."""

    title: str
    low: str
    width: str
    observed: Tick
    expected: Tick


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One hour of one weekday; `strength` is the opacity, 0–1."""

    column: int
    row: int
    strength: str
    title: str


@dataclass(frozen=True, slots=True)
class HeatGrid:
    """A 7 × 24 grid with its margins."""

    label: str
    title: str
    caption: str
    cells: tuple[HeatCell, ...]
    totals: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a ranking, lengths in percent of the longest."""

    label: str
    id: str
    length: str
    negative: str
    before: str
    count: str
    change: str
    share: str
    title: str


@dataclass(frozen=True, slots=True)
class Column:
    """One day."""

    x: str
    y: str
    width: str
    height: str
    title: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Daily counts as columns."""

    label: str
    title: str
    caption: str
    bars: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    most: str


def spark(card: Card) -> Spark | None:
    """Draw a card's trend; None with fewer than two days that have a value."""
    known = [(day, value) for day, value in card["trend"] if value is not None]
    if len(known) < 2:
        return None
    values = [value for _, value in known]
    line = card["threshold"]
    low, high = padded([*values, line] if line is not None else values)
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(1, len(card["trend"]) - 1)

    def at(position: int, value: float) -> tuple[str, str]:
        return place(SPARK_MARGIN + position * step), height(value, low, high, SPARK_HEIGHT)

    lines = [
        [at(position, value) for position, value in stretch]
        for stretch in stretches([value for _, value in card["trend"]])
    ]
    unit = card["unit"]
    caption = f"{amount(min(values), unit)}–{amount(max(values), unit)}"
    (first_day, first), (last_day, last) = known[0], known[-1]
    return Spark(
        title=f"{card['label']}每日走势：{short_day(first_day)} {amount(first, unit)}，"
        f"{short_day(last_day)} {amount(last, unit)}；最低–最高 {caption}"
        + (f"；虚线为达标线 {limit(line, unit)}" if line is not None else ""),
        runs=tuple(" ".join(f"{x},{y}" for x, y in run) for run in lines if len(run) > 1),
        singles=tuple(run[0] for run in lines if len(run) == 1),
        last=lines[-1][-1],
        threshold=None if line is None else height(line, low, high, SPARK_HEIGHT),
        caption=caption,
        start=short_day(card["trend"][0][0]),
        end=short_day(card["trend"][-1][0]),
    )


def stretches(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Yield the unbroken stretches; a day without denominator is a gap, not a zero."""
    for known, stretch in groupby(enumerate(values), key=lambda item: item[1] is not None):
        if known:
            yield [(position, value) for position, value in stretch if value is not None]


def interval(finding: FindingEntry, scale: Scale) -> IntervalMark | None:
    """Draw a finding's observed rate, its interval and the expected rate on one axis."""
    observed, expected = finding["observed"]["value"], finding["expected"]["value"]
    if observed is None or expected is None:
        return None
    low, high = finding["interval"]
    start, end = _axis([low, high, observed, expected])

    def x(value: float) -> float:
        span = INTERVAL_WIDTH - 2 * INTERVAL_MARGIN
        return INTERVAL_MARGIN + span * (value - start) / (end - start)

    spread = f"{then(scale.short(low), '到')} {scale.short(high)}"
    return IntervalMark(
        title=f"实际 {scale.full(observed)}，范围 {spread}，应为 {scale.short(expected)}",
        low=place(x(low)),
        width=place(max(1.0, x(high) - x(low))),
        observed=_tick(x(observed), f"实际 {scale.short(observed)}", INTERVAL_WIDTH),
        expected=_tick(x(expected), f"应为 {scale.short(expected)}", INTERVAL_WIDTH),
    )


def _axis(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low < 0 or (high > 0 and low / high > _ZOOM_BELOW):
        pad = (high - low) * 0.25 or abs(high) * 0.1 or 1.0
        return low - pad, high + pad
    return 0.0, high * 1.02 or 1.0


def heat_grids(heatmap: Heatmap) -> tuple[HeatGrid, HeatGrid]:
    """Draw the questions and the missed ones of one shop."""
    counts, missed = heatmap["counts"], heatmap["missed"]
    asked = _grid(heatmap["label"], "买家提问", "asked", counts, "最忙：", "问")
    share_missed = sum(map(sum, missed)) / (sum(map(sum, counts)) or 1)
    return asked, _grid(
        heatmap["label"],
        f"没人接的提问（{share_missed:.1%}）",
        "missed",
        missed,
        "漏得最多：",
        "问没人接",
    )


def _grid(
    shop: str, label: str, kind: str, counts: list[list[int]], peak_lead: str, noun: str
) -> HeatGrid:
    most = max(max(row) for row in counts)
    row, column = next(
        (r, c) for r in range(len(counts)) for c in range(24) if counts[r][c] == most
    )
    total = sum(map(sum, counts))
    caption = f"共 {count(total)} 问。" + (
        f"{peak_lead}{_hour(row, column)}，{count(most)} {noun}" if most else "没有。"
    )
    return HeatGrid(
        label=label,
        title=f"{shop}，{label}，按星期和钟点：{caption}",
        caption=caption,
        cells=tuple(
            HeatCell(c, r, _strength(n, most), f"{_hour(r, c)}：{count(n)} {noun}")
            for r, hours in enumerate(counts)
            for c, n in enumerate(hours)
        ),
        totals=tuple(count(sum(hours)) for hours in counts),
        kind=kind,
    )


def _hour(weekday: int, hour: int) -> str:
    return f"{WEEKDAYS[weekday]} {hour}:00–{hour + 1}:00"


def _strength(number: int, most: int) -> str:
    if number <= 0 or most <= 0:
        return "0"
    return f"{_FAINTEST + (_DARKEST - _FAINTEST) * number / most:.2f}"


def bars(rows: Sequence[Ranked]) -> list[Bar]:
    """Draw a ranking: volume, its negative part, and a mark where the period before stood."""
    longest = max((max(row["count"], row["before"]) for row in rows), default=0) or 1
    return [_bar(row, longest) for row in rows]


def _bar(row: Ranked, longest: int) -> Bar:
    now, before, negative = row["count"], row["before"], row["negative"]
    bad = f"{negative / now:.0%}" if now else "—"
    return Bar(
        label=row["label"],
        id=row["id"],
        length=f"{100 * now / longest:.2f}",
        negative=f"{100 * negative / longest:.2f}",
        before=f"{100 * before / longest:.2f}",
        count=count(now),
        change=relative_change(now, before),
        share=bad,
        title=f"{row['label']}：本期 {count(now)}，上期 {count(before)}，负面 {count(negative)}",
    )


def relative_change(now: int, before: int) -> str:
    """Return `+24%`, or words where the period before has nothing to divide by."""
    if before == 0:
        return "新出现" if now else "—"
    return f"{(now - before) / before:+.0%}" if now != before else "持平"


def columns(label: str, days: Sequence[tuple[str, int]]) -> Columns:
    """Draw daily counts."""
    most = max((number for _, number in days), default=0)
    total = sum(number for _, number in days)
    width = COLUMNS_WIDTH / max(1, len(days))
    peak = next((day for day, number in days if number == most), "")
    caption = f"共 {count(total)}，日均 {count(round(total / max(1, len(days)), 1))}" + (
        f"，最多 {short_day(peak)} {count(most)}" if most else ""
    )
    return Columns(
        label=label,
        title=f"每日{label}：{caption}",
        caption=caption,
        bars=tuple(
            Column(
                x=place((position + 0.1) * width),
                y=place(COLUMNS_HEIGHT * (1 - number / (most or 1))),
                width=place(0.8 * width),
                height=place(COLUMNS_HEIGHT * number / (most or 1)),
                title=f"{short_day(day)}：{count(number)}",
            )
            for position, (day, number) in enumerate(days)
        ),
        ticks=tuple(
            Tick(place((position + 0.5) * width), short_day(days[position][0]), anchor)
            for position, anchor in tick_positions(len(days))
        ),
        most=count(most),
    )


def tick_positions(length: int) -> list[tuple[int, str]]:
    """Return which of so many days are named on the axis, and how the name is anchored."""
    if length < 3:
        return [(position, "middle") for position in range(length)]
    return [(0, "start"), (length // 2, "middle"), (length - 1, "end")]


def padded(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis that gives values room."""
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return low - pad, high + pad


def height(value: float, low: float, high: float, tall: float) -> str:
    """Return how far below the top a value stands on an axis `tall` units long."""
    return place(SPARK_MARGIN + (tall - 2 * SPARK_MARGIN) * (high - value) / (high - low))


def _tick(x: float, label: str, width: float) -> Tick:
    anchor = "start" if x < width * 0.2 else "end" if x > width * 0.8 else "middle"
    return Tick(place(x), label, anchor)


def place(value: float) -> str:
    """Return a coordinate."""
    return f"{value:.1f}"
