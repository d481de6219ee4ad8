"""Where the bars of the campaign calendar go: one year's strip, one line per campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huisheng.app.web.settings.promotions import Campaign, Stretch

WIDTH, LINE, TOP, NAMES = 1100.0, 34.0, 30.0, 150.0
BAR = 16.0
LEAST_DAYS, MARGIN_DAYS, WEEKS_UP_TO_DAYS = 40, 4, 100
NEAR, A_DAY = timedelta(days=60), timedelta(days=1)
TODAY_ROOM = 36.0
"""Room that the word for today takes among the labels."""
LEAST_BAR = 4.0
"""Width below which a bar could not be seen or hit."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled vertical line."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class StretchBar:
    """One stretch as a bar."""

    x: str
    width: str
    phase: str
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One campaign: its name, its bars, the height at which they lie."""

    name: str
    id: str
    assumed: bool
    y: str
    text_y: str
    bars: tuple[StretchBar, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The drawing: its size, months or weeks, lanes and where today is, None outside."""

    width: str
    height: str
    months: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    today: Mark | None
    title: str


def strip(campaigns: Sequence[Campaign], now: datetime) -> Strip | None:
    """Draw campaigns over the time they take; None where there is none."""
    if not campaigns:
        return None
    first = min(campaign.start for campaign in campaigns).astimezone(now.tzinfo)
    last = max(campaign.end for campaign in campaigns).astimezone(now.tzinfo)
    first, last = first - timedelta(days=MARGIN_DAYS), last + timedelta(days=MARGIN_DAYS)
    last = max(last, first + timedelta(days=LEAST_DAYS))
    if first - NEAR <= now <= last + NEAR:
        first, last = min(first, now - A_DAY), max(last, now + A_DAY)
    scale = _Scale(first, last)
    lanes = tuple(_lane(one, n, scale, now) for n, one in enumerate(campaigns))
    height = TOP + LINE * len(lanes) + 6
    today = Mark(_n(scale.x(now)), "今天") if first <= now <= last else None
    names = "、".join(campaign.name for campaign in campaigns)
    title = f"活动日历：{names}"
    return Strip(_n(WIDTH), _n(height), _ticks(scale, now), lanes, today, title)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.first) / (self.last - self.first)
        return NAMES + share * (WIDTH - NAMES - 10)


def _lane(campaign: Campaign, number: int, scale: _Scale, now: datetime) -> Lane:
    y = TOP + LINE * number + (LINE - BAR) / 2
    bars = tuple(_bar(campaign, window, scale, now) for window in campaign.windows)
    text_y = _n(y + BAR - 3)
    return Lane(campaign.name, campaign.id, campaign.assumed, _n(y), text_y, bars)


def _bar(campaign: Campaign, window: Stretch, scale: _Scale, now: datetime) -> StretchBar:
    left = scale.x(window.start)
    width = max(LEAST_BAR, scale.x(window.end) - left)
    start, end = (at.astimezone(now.tzinfo) for at in (window.start, window.end))
    title = f"{campaign.name} {window.phase.label} {start:%m-%d %H:%M} 至 {end:%m-%d %H:%M}"
    return StretchBar(_n(left), _n(width), window.phase.value, title)


def _ticks(scale: _Scale, now: datetime) -> tuple[Mark, ...]:
    """Return a mark at each month, or at each Monday where the strip is short."""
    short = (scale.last - scale.first).days <= WEEKS_UP_TO_DAYS
    at = scale.first.replace(hour=0, minute=0, second=0, microsecond=0)
    marks = []
    while at <= scale.last:
        here = at.weekday() == 0 if short else at.day == 1
        near = abs(scale.x(at) - scale.x(now)) < TODAY_ROOM
        if here and at >= scale.first:
            label = f"{at:%m-%d}" if short else f"{at.month} 月"
            marks.append(Mark(_n(scale.x(at)), "" if near else label))
        at += timedelta(days=1)
    return tuple(marks)


def _n(value: float) -> str:
    return f"{value:.1f}"
