"""Words for a day or a run of days, told from the day on which they are said.

Weeks begin on Monday. Festivals are those of the sun's calendar; the moon's need a table of years.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from huisheng.language.entities.numerals import CHINESE, number_of

Stretch = tuple[date, date]
"""First and last day."""
DayRule = Callable[[date, bool], Stretch]
"""From the day of saying, and whether only what is still ahead can be meant, to the days."""

_OFFSETS = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3,
}  # fmt: skip
_FESTIVALS = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "五一": (5, 1),
    "劳动节": (5, 1), "六一": (6, 1), "儿童节": (6, 1), "618": (6, 18), "教师节": (9, 10),
    "国庆": (10, 1), "双11": (11, 11), "双十一": (11, 11), "双12": (12, 12), "双十二": (12, 12),
    "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1, "下下": 2}
_MONTHS = {"上": -1, "这": 0, "本": 0, "": 0, "下": 1}
_THIRDS = {"初": (1, 10), "上旬": (1, 10), "中": (11, 20), "中旬": (11, 20)}
_NUM = rf"(?:[0-9]{{1,2}}|{CHINESE}{{1,3}})"


def _offset(found: re.Match[str]) -> DayRule | None:
    days = timedelta(days=_OFFSETS[found["relative"]])
    return lambda today, _: (today + days, today + days)


def _weekday(found: re.Match[str]) -> DayRule | None:
    last = "一二三四五六日".find(found["weekday"].replace("天", "日"))
    place = last if last >= 0 else int(found["weekday"]) - 1
    return _in_week(found["week"] or "", place, place)


def _weekend(found: re.Match[str]) -> DayRule | None:
    return _in_week(found["end_of"] or "", 5, 6)


def _in_week(week: str, first: int, last: int) -> DayRule:
    def days(today: date, ahead: bool) -> Stretch:
        monday = today + timedelta(weeks=_WEEKS[week], days=-today.weekday())
        if not week and ahead and monday + timedelta(days=last) < today:
            monday += timedelta(weeks=1)
        return monday + timedelta(days=first), monday + timedelta(days=last)

    return days


def _full_date(found: re.Match[str]) -> DayRule | None:
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return lambda _, __: (day, day)


def _month_day(found: re.Match[str]) -> DayRule | None:
    return _yearly(number_of(found["of_month"]), number_of(found["on"]))


def _festival(found: re.Match[str]) -> DayRule | None:
    return _yearly(*_FESTIVALS[found["festival"]])


def _yearly(month: float | None, day: float | None) -> DayRule | None:
    if not (month and day and 1 <= month <= 12 and 1 <= day <= monthrange(2024, int(month))[1]):
        return None

    def days(today: date, ahead: bool) -> Stretch:
        years = (today.year - 1, today.year, today.year + 1)
        near = [_clamped(year, int(month), int(day)) for year in years]
        best = _nearest(today, ahead, near)
        return best, best

    return days


def _day_of_month(found: re.Match[str]) -> DayRule | None:
    day = number_of(found["number"])
    if not (day and day == int(day) and 1 <= day <= 31):
        return None
    said = found.groupdict().get("its_month")

    def days(today: date, ahead: bool) -> Stretch:
        offsets = (-1, 0, 1) if said is None else (_MONTHS[said],)
        near = [_clamped(*_month(today, offset), int(day)) for offset in offsets]
        best = _nearest(today, ahead and said is None, near)
        return best, best

    return days


def _part_of_month(found: re.Match[str]) -> DayRule | None:
    part, numbered = found["part"] or "", found["numbered"]
    month = number_of(numbered) if numbered else None
    if numbered and not (month and 1 <= month <= 12):
        return None

    def days(today: date, ahead: bool) -> Stretch:
        if month:
            years = (today.year - 1, today.year, today.year + 1)
            near = _nearest(today, ahead, [_clamped(year, int(month), 28) for year in years])
            return _third(near.year, near.month, part)
        named = found["month_of"] or found["whole"] or ""
        return _third(*_month(today, _MONTHS[named]), part)

    return days


def _end_of_year(_found: re.Match[str]) -> DayRule | None:
    return lambda today, _: (date(today.year, 12, 1), date(today.year, 12, 31))


def _third(year: int, month: int, part: str) -> Stretch:
    end = monthrange(year, month)[1]
    first, last = (1, end) if not part else _THIRDS.get(part, (21, end))
    return date(year, month, first), date(year, month, last)


def _month(today: date, offset: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + offset
    return months // 12, months % 12 + 1


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _nearest(today: date, ahead: bool, days: Sequence[date]) -> date:
    possible = [day for day in days if day >= today] if ahead else []
    return min(possible or days, key=lambda day: abs(day - today))


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    return _clamped(*_month(day, months), day.day)


def workdays_after(day: date, workdays: int) -> date:
    """Return the day that is so many days from Monday to Friday later; holidays are not known."""
    weeks, rest = divmod(workdays, 5)
    since_friday = max(day.weekday() - 4, 0)
    day += timedelta(weeks=weeks, days=-since_friday)
    for _ in range(rest):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], DayRule | None]], ...] = (
    (
        r"(?<![以然之最从目])(?P<relative>大前|前|昨|今|明|大后|后)(?:[天日儿](?![生常性])"
        r"|(?<=[昨今明])(?=[早晚]))",
        _offset,
    ),
    (
        r"(?<![每一二两三四五六七八九十几0-9])(?<!周[一二三四五六日天][到至~\-])(?:(?P<week>上上|下下|上|下|这|本)个?)?"
        r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-6])(?![到至~\-]周|[0-9岁年福])",
        _weekday,
    ),
    (r"(?<!每)(?:(?P<end_of>上|下|这|本)个?)?周末", _weekend),
    (
        r"(?<![0-9])(?P<year>20[0-9]{2})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})"
        r"[日号]?(?![0-9])",
        _full_date,
    ),
    (
        rf"(?<![0-9个])(?P<of_month>{_NUM})月份?(?P<on>{_NUM})(?:[日号]|(?![0-9个次天份年]))",
        _month_day,
    ),
    (rf"(?P<its_month>上|下|这|本)个?月(?P<number>{_NUM})[号日]", _day_of_month),
    (
        rf"(?<![0-9a-z月])(?P<number>{_NUM})号"
        r"(?=[之以]?[前后]|左右|统一|要[送用到去出]|到|发|送|收|下单|买|拍|付|能|会|可|就|才|晚|早|上午|下午|中午"
        r"|开始|截止|那天|当天|凌晨)",
        _day_of_month,
    ),
    (
        rf"(?<![0-9个年])(?:(?:(?P<month_of>上|下|这|本)个?月(?:份(?!额))?"
        rf"|(?P<numbered>{_NUM})月份?|月)"
        r"(?P<part>底|末|初|上旬|中旬|下旬|中(?=[之以]?前|[到发送旬]))|(?P<whole>这|本|下|上)个?月(?!经))",
        _part_of_month,
    ),
    (r"年底", _end_of_year),
    (
        rf"(?<![0-9.零一二三四五六七八九十])(?P<festival>{'|'.join(_FESTIVALS)})"
        r"(?![0-9.%元块零一二三四五六七八九十])节?",
        _festival,
    ),
)
_COMPILED = tuple((re.compile(pattern), rule) for pattern, rule in _FORMS)
_FIRST = "[大前昨今明后上下这本周星礼月年0-9零一二两三四五六七八九十双元情妇劳儿教国平圣]"
_ANY = "|".join(re.sub(r"\?P<\w+>", "?:", pattern) for pattern, _ in _FORMS)
DAY = f"(?={_FIRST})(?:{_ANY})"
"""What `day_rule` reads, as it may stand in a longer pattern."""


@dataclass(frozen=True, slots=True)
class Day:
    """What words for a day mean.

    Attributes:
        days: the rule.
        is_past: whether it lies in the past whenever it is said.
        is_festival: whether it is a festival.
    """

    days: DayRule
    is_past: bool
    is_festival: bool


def day_rule(text: str, start: int, stop: int) -> Day | None:
    """Return what the words from `start` to `stop` mean; None where no such day exists."""
    for pattern, reading in _COMPILED:
        found = pattern.match(text, start)
        if found and found.end() == stop:
            days = reading(found)
            past = found.group().startswith(("昨", "前", "大前", "上"))
            return Day(days, past, reading is _festival) if days else None
    return None
