"""Campaigns as stretches of time, and how long until the next: pure, no database, no clock.

How to use it in the overview (双11 mode):

    from huisheng.app.web.settings.campaigns import campaigns_of
    from huisheng.app.web.settings.promotions import countdown

    campaigns = campaigns_of(shop_id)          # one query of the operational store
    count = countdown(campaigns, timezone.now())  # None where nothing runs or is to come

`count.now` is the stretch that runs (None between campaigns), `count.next` the one that begins
next, `count.days` whole local days until it does («还有 38 天»). `Campaign.windows` serve to shade
charts. Facts and metrics, which may not know Django, read the lake table `campaigns` instead: one
row per stretch, all of one name; the first has the campaign's own id, the others `<id>.w2` and so
on. A stretch taken away stays as a row of no length: read only rows with `end_at > start_at`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum


class Phase(StrEnum):
    """What buyers can do in a stretch of a campaign."""

    PRE = "pre"
    DEPOSIT = "deposit"
    FINAL = "final"
    LIVE = "live"
    POST = "post"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _LABELS[self]


_LABELS = {
    Phase.PRE: "预热",
    Phase.DEPOSIT: "付定金",
    Phase.FINAL: "付尾款",
    Phase.LIVE: "开售",
    Phase.POST: "返场",
}


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """One stretch of a campaign, `[start, end)`, aware instants."""

    start: datetime
    end: datetime
    phase: Phase


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign of a shop, its stretches in order of start.

    `assumed`: its dates are a proposal of ours that nobody has confirmed.
    """

    shop_id: str
    id: str
    name: str
    windows: tuple[Stretch, ...]
    assumed: bool = False

    @property
    def start(self) -> datetime:
        """Return when the first stretch begins."""
        return self.windows[0].start

    @property
    def end(self) -> datetime:
        """Return when the last stretch ends."""
        return max(window.end for window in self.windows)


@dataclass(frozen=True, slots=True)
class Moment:
    """One stretch and the campaign it belongs to."""

    campaign: Campaign
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Countdown:
    """Where a shop stands among its campaigns.

    Attributes:
        now: the stretch that runs, the latest begun where several do.
        next: the stretch that begins next.
        days: local calendar days until `next` begins, 0 for today; None without one.
        seconds: seconds until then.
    """

    now: Moment | None
    next: Moment | None
    days: int | None
    seconds: float | None

    @property
    def text(self) -> str:
        """Return `双11 付定金 还有 38 天`, or what runs."""
        if self.next is not None and (self.now is None or self._same()):
            when = f"还有 {self.days} 天" if self.days else "就在今天"
            return f"{self.next.campaign.name} {self.next.stretch.phase.label} {when}"
        if self.now is None:
            return ""
        return f"{self.now.campaign.name} {self.now.stretch.phase.label} 进行中"

    def _same(self) -> bool:
        return (
            self.now is not None
            and self.next is not None
            and (self.now.campaign.id == self.next.campaign.id)
        )


def countdown(campaigns: Iterable[Campaign], now: datetime) -> Countdown | None:
    """Return where `now` stands among campaigns; None where none runs or is to come.

    Args:
        campaigns: of one shop, in any order.
        now: an aware instant; its zone is the one in which days are counted.
    """
    moments = [Moment(campaign, window) for campaign in campaigns for window in campaign.windows]
    running = [m for m in moments if m.stretch.start <= now < m.stretch.end]
    coming = [m for m in moments if m.stretch.start > now]
    if not running and not coming:
        return None
    current = max(running, key=_begins, default=None)
    following = min(coming, key=_begins, default=None)
    if following is None:
        return Countdown(current, None, None, None)
    begins = following.stretch.start
    days = (begins.astimezone(now.tzinfo).date() - now.date()).days
    return Countdown(current, following, days, (begins - now).total_seconds())


def stretches(windows: Sequence[Mapping[str, str]], ended_at: datetime | None) -> tuple[
    Stretch, ...
]:  # fmt: skip
    """Return stored windows as stretches, cut where the campaign was ended before its time."""
    found = sorted(
        Stretch(
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            Phase(one["phase"]),
        )
        for one in windows
    )
    if ended_at is None:
        return tuple(found)
    return tuple(
        Stretch(one.start, min(one.end, ended_at), one.phase)
        for one in found
        if one.start < ended_at
    )


def stored(found: Iterable[Stretch], zone: tzinfo) -> list[dict[str, str]]:
    """Return stretches as they are stored, in order of start."""
    return [
        {
            "phase": one.phase.value,
            "start": one.start.astimezone(zone).isoformat(timespec="seconds"),
            "end": one.end.astimezone(zone).isoformat(timespec="seconds"),
        }
        for one in sorted(found)
    ]


def _begins(moment: Moment) -> tuple[datetime, str]:
    return moment.stretch.start, moment.campaign.id
