"""The shifts of a week: read from here or from imports, written as text, kept, copied."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db import transaction

from huisheng.app.web import library
from huisheng.app.web.settings.models import Shift, ShiftWeek
from huisheng.app.web.settings.saving import change
from huisheng.errors import BadInputError

WEEK = timedelta(days=7)
LONGEST = timedelta(hours=24)
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–~至]\s*([01]?\d|2[0-4]):([0-5]\d)")
_SEPARATORS = re.compile(r"[,，;；、]\s*|\s{1,}")


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One agent's working time, aware instants in the shop's zone."""

    agent_id: str
    start: datetime
    end: datetime

    @property
    def day(self) -> date:
        """Return the local date on which it begins."""
        return self.start.date()

    @property
    def text(self) -> str:
        """Return `09:00-18:00`; an end after midnight belongs to the next day."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


Days = Mapping[tuple[str, date], Sequence[Slot]]
"""What is to hold for some agents on some days; days that are not named stay as they are."""


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_version(shop_id: str, monday: date) -> int:
    """Return the version of a week, 0 where it is only known from imports."""
    found = ShiftWeek.objects.filter(shop_id=shop_id, monday=monday).values_list("version")
    return next((row[0] for row in found), 0)


def slots_of(shop_id: str, monday: date) -> list[Slot]:
    """Return the shifts that begin in a week: those set here, else those imported."""
    if not week_version(shop_id, monday):
        return _imported(shop_id, monday)
    zone = ZoneInfo(library.workspace().zone)
    rows = Shift.objects.filter(week__shop_id=shop_id, week__monday=monday)
    return sorted(
        Slot(row.agent_id, row.start_at.astimezone(zone), row.end_at.astimezone(zone))
        for row in rows
        if row.end_at > row.start_at
    )


def read_cell(agent_id: str, day: date, text: str) -> list[Slot]:
    """Read what is written for one agent and day: `09:00-12:00, 13:00-18:00`, `18:00-02:00`.

    Raises:
        BadInputError: it cannot be read.
    """
    zone = ZoneInfo(library.workspace().zone)
    tidy = re.sub(r"\s*([-–~至])\s*", r"\1", text.strip())
    return [_slot(agent_id, day, part, zone) for part in _SEPARATORS.split(tidy) if part]


def set_days(shop_id: str, monday: date, days: Days, *, seen: int) -> None:
    """Keep shifts of a week that a page showed as version `seen`, 0 where only imports knew it.

    A shift that is taken away is kept as one of no length, because the lake never forgets a key.

    Raises:
        BadInputError: one agent would work twice at once.
        OvertakenError: another change came first; nothing is changed.
    """
    before = slots_of(shop_id, monday)
    after = [slot for slot in before if (slot.agent_id, slot.day) not in days]
    after += [slot for slots in days.values() for slot in slots]
    _check(after)
    with transaction.atomic():
        change(ShiftWeek, {"shop_id": shop_id, "monday": monday}, seen, {})
        week = ShiftWeek.objects.get(shop_id=shop_id, monday=monday)
        kept = {(slot.agent_id, slot.start): slot.end for slot in after}
        gone = {(slot.agent_id, slot.start): slot.start for slot in before}
        for (agent_id, start), end in (gone | kept).items():
            week.shifts.update_or_create(
                agent_id=agent_id, start_at=start, defaults={"end_at": end}
            )


def set_weeks(shop_id: str, slots: Sequence[Slot], seen: Mapping[str, int]) -> None:
    """Keep the shifts of a file, in place of those of the agents and days that it names.

    All of its weeks or none; `seen` gives the version of each that a page showed, by ISO Monday.

    Raises:
        BadInputError: one agent would work twice at once.
        OvertakenError: another change came first; nothing is changed.
    """
    with transaction.atomic():
        for text, version in seen.items():
            monday = date.fromisoformat(text)
            days: dict[tuple[str, date], list[Slot]] = {}
            for slot in slots:
                if monday_of(slot.day) == monday:
                    days.setdefault((slot.agent_id, slot.day), []).append(slot)
            set_days(shop_id, monday, days, seen=version)


def copied(shop_id: str, monday: date, agents: Iterable[str]) -> Days:
    """Return last week's shifts moved to a week, for agents who are still there."""
    wanted = set(agents)
    moved = [
        Slot(slot.agent_id, slot.start + WEEK, slot.end + WEEK)
        for slot in slots_of(shop_id, monday - WEEK)
        if slot.agent_id in wanted
    ]
    days: dict[tuple[str, date], list[Slot]] = {
        (agent_id, monday + timedelta(days=n)): [] for agent_id in wanted for n in range(7)
    }
    for slot in moved:
        days[slot.agent_id, slot.day].append(slot)
    return days


def _check(slots: Iterable[Slot]) -> None:
    for earlier, later in pairwise(sorted(slots)):
        if earlier.agent_id == later.agent_id and later.start < earlier.end:
            raise BadInputError(
                f"{later.agent_id} {later.day.isoformat()}",
                f"{later.text} 与 {earlier.text} 重叠",
                "请改成不重叠的时段",
            )


def _slot(agent_id: str, day: date, text: str, zone: ZoneInfo) -> Slot:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise BadInputError(
            f"{agent_id} {day.isoformat()}", f"「{text[:30]}」看不懂", "请写成 09:00-18:00"
        )
    hour, minute, to_hour, to_minute = (int(part) for part in found.groups())
    midnight = datetime.combine(day, time.min, zone)
    start = midnight + timedelta(hours=hour, minutes=minute)
    end = midnight + timedelta(hours=to_hour, minutes=to_minute)
    if end <= start:
        end += timedelta(days=1)
    if end - start > LONGEST or (to_hour, to_minute) > (24, 0):
        raise BadInputError(f"{agent_id} {day.isoformat()}", f"「{text}」太长", "请拆成两天")
    return Slot(agent_id, start, end)


def _imported(shop_id: str, monday: date) -> list[Slot]:
    zone = ZoneInfo(library.workspace().zone)
    first = datetime.combine(monday, time.min, zone)
    low, high = (int(at.timestamp() * 1_000_000) for at in (first, first + WEEK))
    with library.facts() as facts:
        rows = facts.table("agent_shifts")
        rows = rows.filter(
            (rows.shop_id == shop_id)
            & (rows.start_at >= low)
            & (rows.start_at < high)
            & (rows.end_at > rows.start_at)
        )
        found = facts.engine.arrow(rows.select("agent_id", "start_at", "end_at")).to_pylist()
    return sorted(
        Slot(row["agent_id"], _instant(row["start_at"], zone), _instant(row["end_at"], zone))
        for row in found
        if row["agent_id"]
    )


def _instant(value: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(value / 1_000_000, UTC).astimezone(zone)
