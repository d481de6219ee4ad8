"""The calendar itself: opening blocks by weekday, days off, extra working days, in one zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from huisheng.errors import DefinitionError

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """One stretch of opening time within a local day, `[start, end)`.

    Args:
        start: seconds after local midnight, 0 ≤ start < end.
        end: seconds after local midnight, at most 86 400 (24:00).
    """

    start: int
    end: int


Day = tuple[Block, ...]

EVERY_DAY_8_TO_23: tuple[Day, ...] = ((Block(8 * 3600, 23 * 3600),),) * 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a shop works. Hashable, so that day tables can be kept.

    Args:
        zone: IANA name of the shop's time zone.
        week: seven tuples of blocks, Monday first; an empty tuple is a closed day.
        holidays: local dates off, whatever their weekday says.
        extra_days: pairs of a local date worked out of turn (调休) and its own blocks, which
            replace the weekday's.

    Raises:
        DefinitionError: unknown zone, not seven days, a bad or overlapping block, a date that is
            both off and worked.
    """

    zone: str = "Asia/Shanghai"
    week: tuple[Day, ...] = EVERY_DAY_8_TO_23
    holidays: frozenset[date] = frozenset()
    extra_days: tuple[tuple[date, Day], ...] = ()

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise DefinitionError("工作日历", problem)

    def blocks_on(self, day: date) -> Day:
        """Return the opening blocks of one local date, earliest first."""
        for extra, blocks in self.extra_days:
            if extra == day:
                return blocks
        return () if day in self.holidays else self.week[day.weekday()]

    def _problems(self) -> Iterator[str]:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            yield f"没有「{self.zone}」这个时区，请写成 Asia/Shanghai 这样的名称"
        if len(self.week) != 7:
            yield f"一周应有 7 天的时段，现有 {len(self.week)} 天"
        for blocks in (*self.week, *(blocks for _, blocks in self.extra_days)):
            yield from _block_problems(blocks)
        days = [day for day, _ in self.extra_days]
        if len(days) != len(set(days)):
            yield "同一个调休上班日写了两次"
        for day in self.holidays.intersection(days):
            yield f"{day} 既是放假日又是调休上班日，请只留一处"


def _block_problems(blocks: Day) -> Iterator[str]:
    for block in blocks:
        if not 0 <= block.start < block.end <= DAY_SECONDS:
            yield (
                f"时段 {_hh_mm(block.start)}-{_hh_mm(block.end)} 的结束须晚于开始且不过 24:00，"
                "跨零点的请拆成两天"
            )
    for earlier, later in pairwise(blocks):
        if later.start < earlier.end:
            yield (
                f"时段 {_hh_mm(later.start)}-{_hh_mm(later.end)} 与前一段重叠或次序颠倒，"
                "请按先后排列"
            )


def _hh_mm(seconds: int) -> str:
    """Write seconds after midnight as `HH:MM` (seconds only where there are any)."""
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text
