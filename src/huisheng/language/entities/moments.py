"""When something is or will be: read from words, and put on the clock once it is known when said.

A stretch of time ends where the next one begins. «Before» a stretch means until it ends, the
reading that breaks no promise early (周五前, 下午前); before noon or a festival, until it begins.
Without 上午 or 下午, the hours 1 to 6 of another day are in the afternoon, and an hour ahead is the
next one of that name.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from huisheng.language.entities.days import DayRule, months_after, workdays_after


class Precision(StrEnum):
    """How finely a moment was told."""

    DAY = "day"
    HALF_DAY = "half_day"
    HOUR = "hour"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Local time from `since` to `until`, which are equal for a point of the clock."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour, 0 to 24, and minutes."""

    hour: int
    minute: int = 0


@dataclass(frozen=True, slots=True)
class OnDay:
    """A day, a part of it, an hour, or what is said of these.

    Attributes:
        day: the day; None where it follows from the hour.
        half: 早上, 下午 …; None where not said.
        clock: the hour; None where not said.
        is_festival: whether what comes before the day excludes it.
    """

    day: DayRule | None = None
    half: str | None = None
    clock: Clock | None = None
    is_festival: bool = False

    @property
    def precision(self) -> Precision:
        """How finely this is told."""
        if self.clock:
            return Precision.MINUTE if self.clock.minute else Precision.HOUR
        return Precision.HALF_DAY if self.half else Precision.DAY

    def span(self, said: datetime, ahead: bool, deadline: bool) -> TimeSpan:
        """Return when this is, for words said at a local time."""
        first, last = self.day(said.date(), ahead) if self.day else (said.date(), said.date())
        if self.clock:
            at = self._at(self.clock, first, said, ahead)
            return _until(said, at) if deadline else TimeSpan(at, at)
        since, until = _midnight(first), _midnight(last + timedelta(days=1))
        before = since if self.is_festival else until
        if self.half:
            begin, end, limit = _HALVES[self.half]
            since, until = _hours(first, begin), _hours(first, end)
            if self.day is None and ahead and until <= said:
                since, until = since + timedelta(days=1), until + timedelta(days=1)
            before = until + timedelta(hours=limit - end)
        return _until(said, before) if deadline else TimeSpan(since, until)

    def _at(self, clock: Clock, day: date, said: datetime, ahead: bool) -> datetime:
        plain = _hours(day, clock.hour) + timedelta(minutes=clock.minute)
        half_day = timedelta(hours=12)
        if self.half:
            return plain + timedelta(hours=_shift(self.half, clock.hour))
        today = self.day is None or day == said.date()
        if today and ahead and clock.hour <= 12:
            later = (plain, plain + half_day, plain + 2 * half_day)
            return next(at for at in later if at > said)
        if today and ahead and self.day is None and plain <= said:
            return plain + timedelta(days=1)
        return plain + half_day if 1 <= clock.hour <= 6 else plain


class Unit(StrEnum):
    """What a length of time is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Distance:
    """A length of time before or after the words are said.

    Attributes:
        low: how many units; negative for the past.
        high: the most, for 3-5天; else equal to `low`.
        unit: the unit.
    """

    low: float
    high: float
    unit: Unit

    @property
    def precision(self) -> Precision:
        """How finely this is told."""
        return _PRECISIONS.get(self.unit, Precision.DAY)

    def span(self, said: datetime, _ahead: bool, deadline: bool) -> TimeSpan:
        """Return when this is, for words said at a local time."""
        since, until = self._after(said, self.low), self._after(said, self.high)
        if self.precision is Precision.DAY:
            since, until = _midnight(since.date()), _midnight(until.date() + timedelta(days=1))
        return _until(said, until) if deadline else TimeSpan(since, until)

    def _after(self, said: datetime, count: float) -> datetime:
        if self.unit is Unit.WORKDAY:
            return _midnight(workdays_after(said.date(), int(count)))
        if self.unit is Unit.MONTH:
            return _midnight(months_after(said.date(), int(count)))
        return said + timedelta(**{f"{self.unit}s": count})


@dataclass(frozen=True, slots=True)
class Moment:
    """When, as said.

    Attributes:
        when: a day or hour, or how far away.
        deadline: whether only its end counts.
        ahead: whether only the future can be meant.
        is_past: whether it lies in the past whenever said.
    """

    when: OnDay | Distance
    deadline: bool = False
    ahead: bool = False
    is_past: bool = False

    @property
    def precision(self) -> Precision:
        """How finely this is told."""
        return self.when.precision

    def resolve(self, said: datetime) -> TimeSpan | None:
        """Return when this is, for words said at a local time; None where no clock goes."""
        try:
            return self.when.span(said, self.ahead or self.deadline, self.deadline)
        except (OverflowError, ValueError):
            return None


_PRECISIONS = {Unit.MINUTE: Precision.MINUTE, Unit.HOUR: Precision.HOUR}
_HALVES = {
    "凌晨": (0, 6, 6), "清晨": (5, 8, 8), "早晨": (6, 9, 9), "早上": (6, 10, 10), "早": (6, 10, 10),
    "上午": (8, 12, 12), "中午": (11, 13, 12), "下午": (12, 18, 18), "午后": (12, 18, 18),
    "傍晚": (17, 19, 19), "晚上": (18, 24, 24), "晚": (18, 24, 24), "夜里": (20, 24, 24),
    "半夜": (22, 24, 24),
}  # fmt: skip
"""First hour, the hour after the last, and the hour that «before» means."""
HALF = r"凌晨|清晨|早晨|早上|上午|中午|下午|午后|傍晚|晚上|夜里|半夜|(?<=[昨今明])[早晚]"
"""Words for a part of a day, as they may stand in a longer pattern."""
_NIGHT = frozenset({"晚上", "晚", "夜里", "半夜"})
_AFTERNOON = frozenset({"中午", "下午", "午后", "傍晚"})


def _shift(half: str, hour: int) -> int:
    """Return the hours to add to an hour of a part of the day: 下午3点, 晚上12点, 晚上1点."""
    if half in _AFTERNOON:
        return 12 if hour < (10 if half == "中午" else 12) else 0
    if half in _NIGHT:
        return 24 if hour < 6 else 12 if hour <= 12 else 0
    return 0


def _until(said: datetime, until: datetime) -> TimeSpan:
    """Return what is left of the time until a deadline, none where it has passed."""
    return TimeSpan(min(said, until), until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _hours(day: date, hours: int) -> datetime:
    return _midnight(day) + timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class Told:
    """A moment and the words that tell it: offsets `start` to `stop`."""

    start: int
    stop: int
    moment: Moment
