"""Works out where the pieces of a whole go: a change taken apart, a range, shares of harm."""

from collections.abc import Sequence
from dataclasses import dataclass

import squarify

from huisheng.app.report.amounts import amount, count, difference, yuan
from huisheng.app.report.drawing import Tick, place
from huisheng.app.report.points import StuckPoint

TREE_WIDTH, TREE_HEIGHT = 620.0, 210.0
TREE_LETTER, TREE_LINE, TREE_PAD = 13.0, 18.0, 8.0
LEAST_SHARE_NAMED = 0.9
RANGE_WIDTH, RANGE_MARGIN = 300.0, 6.0
PARETO_LINE = 0.8
PARETO_HEIGHT = 180.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall, in percent of its width; `kind` is whole, good, bad or even."""

    label: str
    x: str
    width: str
    kind: str
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Range:
    """A value on the axis of its usual range."""

    title: str
    low: str
    width: str
    usual: str
    value: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a treemap, with the lines of text that fit into it."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    title: str
    id: str


@dataclass(frozen=True, slots=True)
class ParetoBar:
    """One column of a Pareto chart; `reach` is the height of the sum so far."""

    x: str
    width: str
    y: str
    height: str
    middle: str
    reach: str
    title: str
    id: str


@dataclass(frozen=True, slots=True)
class Pareto:
    """Costs from the largest, and how much the largest together make up."""

    title: str
    caption: str
    bars: tuple[ParetoBar, ...]
    line: str
    level: str
    ticks: tuple[Tick, ...]


def waterfall(
    start: tuple[str, float],
    parts: Sequence[tuple[str, float]],
    end: tuple[str, float],
    unit: str,
    better: str,
) -> list[Step]:
    """Draw the way from one value to another, part by part; the parts add up to the change."""
    levels = [start[1]]
    for _, change in parts:
        levels.append(levels[-1] + change)
    low, high = min(*levels, end[1]), max(*levels, end[1])
    room = (high - low) or abs(high) or 1.0
    floor = low - room * 0.35

    def x(value: float) -> float:
        return 100 * (value - floor) / (high - floor)

    def whole(label: str, value: float) -> Step:
        text = amount(value, unit)
        return Step(label, "0", place(x(value)), "whole", text, f"{label}：{text}")

    steps = [whole(*start)]
    for (label, change), level in zip(parts, levels, strict=False):
        left, right = sorted((x(level), x(level + change)))
        text = f"{'+' if change > 0 else '−'}{difference(change, 0.0, unit)}"
        kind = "even" if better == "neither" else _kind(change, better)
        width = place(max(right - left, 0.4))
        steps.append(Step(label, place(left), width, kind, text, f"{label}：{text}"))
    return [*steps, whole(*end)]


def _kind(change: float, better: str) -> str:
    return "good" if (change > 0) == (better == "higher") else "bad"


def value_range(value: float, usual: float, interval: Sequence[float], unit: str) -> Range:
    """Draw a value against the range in which it usually lies."""
    low, high = interval
    ends = (min(low, value), max(high, value))
    span = (ends[1] - ends[0]) or 1.0

    def x(place_: float) -> float:
        return RANGE_MARGIN + (RANGE_WIDTH - 2 * RANGE_MARGIN) * (place_ - ends[0]) / span

    return Range(
        title=f"当天 {amount(value, unit)}，平日 {amount(usual, unit)}，"
        f"多数日子在 {amount(low, unit)} 到 {amount(high, unit)} 之间",
        low=place(x(low)),
        width=place(max(1.0, x(high) - x(low))),
        usual=place(x(usual)),
        value=place(x(value)),
    )


def treemap(points: Sequence[StuckPoint], departments: dict[str, str]) -> list[Tile]:
    """Draw stuck points as areas of the people they touch, those of a department side by side."""
    owners: dict[str, list[StuckPoint]] = {}
    for point in points:
        if point.affected > 0:
            owners.setdefault(point.first["department"], []).append(point)
    ordered = sorted(owners.items(), key=lambda item: -sum(point.affected for point in item[1]))
    sizes = [sum(point.affected for point in held) for _, held in ordered]
    if not sizes:
        return []
    areas = squarify.squarify(
        squarify.normalize_sizes(sizes, TREE_WIDTH, TREE_HEIGHT), 0, 0, TREE_WIDTH, TREE_HEIGHT
    )
    return [
        tile
        for (department, held), area in zip(ordered, areas, strict=True)
        for tile in _tiles(held, area, department, departments.get(department, department))
    ]


def _tiles(
    points: Sequence[StuckPoint], area: dict[str, float], department: str, label: str
) -> list[Tile]:
    held = sorted(points, key=lambda point: -point.affected)
    sizes = squarify.normalize_sizes([point.affected for point in held], area["dx"], area["dy"])
    places = squarify.squarify(sizes, area["x"], area["y"], area["dx"], area["dy"])
    return [
        Tile(
            x=place(box["x"] + 1),
            y=place(box["y"] + 1),
            width=place(max(0.0, box["dx"] - 2)),
            height=place(max(0.0, box["dy"] - 2)),
            kind=department,
            lines=_lines(point, label, box),
            title=f"{label}：{point.first['title']}，{count(point.affected)} 人次",
            id=point.first["id"],
        )
        for point, box in zip(held, places, strict=True)
    ]


def _lines(point: StuckPoint, label: str, box: dict[str, float]) -> tuple[tuple[str, str], ...]:
    """Return the lines of text that fit into a tile, with their heights."""
    letters = int((box["dx"] - 2 * TREE_PAD) / TREE_LETTER)
    rows = int((box["dy"] - 2 * TREE_PAD) / TREE_LINE)
    if letters < 3 or rows < 1:
        return ()
    title = point.first["title"].split("，")[0]
    wrapped = [title[at : at + letters] for at in range(0, len(title), letters)]
    texts = [*wrapped, f"{label} {count(point.affected)} 人次"]
    if len(texts) > rows:
        texts = wrapped[:rows]
        if len("".join(texts)) < len(title):
            texts[-1] = texts[-1][:-1] + "…"
    shown = [text for text in texts if len(text) <= letters * 2]
    return tuple(
        (place(box["y"] + TREE_PAD + TREE_LINE * (number + 0.75)), text)
        for number, text in enumerate(shown)
    )


def pareto(points: Sequence[StuckPoint]) -> Pareto | None:
    """Draw what stuck points cost, the dearest first; None with fewer than three that cost."""
    held = sorted((point for point in points if point.cny > 0), key=lambda point: -point.cny)
    if len(held) < 3:
        return None
    total = sum(point.cny for point in held)
    most = held[0].cny
    width = TREE_WIDTH / len(held)
    tall = PARETO_HEIGHT
    so_far, bars, enough = 0.0, [], 0
    for position, point in enumerate(held):
        so_far += point.cny
        if so_far < PARETO_LINE * total:
            enough = position + 1
        high = tall * point.cny / most
        bars.append(
            ParetoBar(
                x=place((position + 0.1) * width),
                width=place(0.8 * width),
                y=place(tall - high),
                height=place(high),
                middle=place((position + 0.5) * width),
                reach=place(tall * (1 - so_far / total)),
                title=f"{point.first['title']}：{yuan(point.cny)}，累计 {so_far / total:.0%}",
                id=point.first["id"],
            )
        )
    return Pareto(
        title="各处卡点的损失，从高到低，与累计占比",
        caption=f"前 {enough + 1} 处占全部损失的八成以上（共 {len(held)} 处，{yuan(total)}）",
        bars=tuple(bars),
        line=" ".join(f"{bar.middle},{bar.reach}" for bar in bars),
        level=place(tall * (1 - PARETO_LINE)),
        ticks=(
            Tick(place(0.5 * width), "第 1", "middle"),
            Tick(place((len(held) - 0.5) * width), f"第 {len(held)}", "middle"),
        ),
    )
