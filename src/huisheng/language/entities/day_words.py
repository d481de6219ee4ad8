"""Find days, parts of days and hours: 明天下午3点前, 周五, 今晚12点, 11月底."""

import re
from collections.abc import Iterator

from huisheng.language.entities.actions import ACTION
from huisheng.language.entities.days import DAY, day_rule
from huisheng.language.entities.moments import HALF, Clock, Moment, OnDay, Told
from huisheng.language.entities.numerals import CHINESE, number_of

TRIGGER = (
    r"[前昨今明后][天日儿早晚]|[周期拜][一二三四五六日天末1-6]|[0-9一二两三四五六七八九十][点时:号日]|[月年][初中底末旬]"
    r"|个月|[凌清早]晨|[早晚]上|[上中下]午|午后|傍晚|夜里|半夜|月[0-9一二三十]|20[0-9]{2}[-/.]"
    r"|元旦|情人节|妇女节|三八节|五一|劳动节|六一|儿童节|618|教师节|国庆|双1|双十|平安夜|圣诞|本月"
)
"""RE2: what every text that tells a day or an hour holds."""
_CLOCK = (
    rf"(?<![0-9.:*])(?P<hour>[0-9]{{1,2}}|{CHINESE}{{1,3}})"
    r"(?::(?P<exact>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:%])"
    r"|(?:点(?![评赞击单餐头名心子燃缀滴进儿]|开(?![抢始售卖门播]))|(?<=[0-9])时(?![候间尚不常段长]))"
    rf"(?:(?P<minute>[0-5]?[0-9]|{CHINESE}{{2,3}})分?|(?P<part>半|[一三]刻)|整|钟)?)"
)
_TOKEN = re.compile(rf"(?P<day>{DAY})|(?P<half>{HALF})|(?P<clock>{_CLOCK})")
_ORDER = {"day": 0, "half": 1, "clock": 2}
_LINK = re.compile(r"[的 ,]?\Z")
_BEFORE = re.compile(
    r" ?(?:之前|以前|前(?![台面端任天后置提几两0-9]|一[天周])|为止"
    r"|之内|以内|内(?![容部衣裤裙胆存置里]))"
)
_LATEST = re.compile(r"(?:最晚|最迟|最慢|截止到?|截至|不超过|不晚于)[在是于]? ?\Z")
_TOLD_AS_HOUR = re.compile(r"[点时](?:半|[一三]刻|钟|整|[0-9]{2})|:")
_HOUR_FOLLOWS = re.compile(
    r" ?(?:[之以]?[前后]|左右|多|才|就能?[到发]|[到至~\-][0-9一二两三四五六七八九十]{1,2}点)"
)
_POINTS = re.compile(r"[个条点]?(?:意见|建议|要求|原因|问题|不足|理由|好处?|都|也|没|不|小|希望)")
_NOT_TOLD = re.compile(r"[好安]|睡|用|起床|前后")
_SOON = re.compile(rf"[^，。,;；!！?？]{{0,4}}?(?:{ACTION}|[来去]|[能会可])")
_OTHER_DAY = re.compile(r"(?:次日|第二天|隔天|当天)的? ?\Z")
"""A day told from another event is on no calendar here."""
_NOTICE = 6
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}


def days_in(text: str) -> Iterator[Told]:
    """Yield the days and hours that a plain text tells."""
    tokens = list(_TOKEN.finditer(text))
    place = 0
    while place < len(tokens):
        group = _together(text, tokens[place : place + len(_ORDER)])
        place += len(group)
        told = _told(text, group)
        if told:
            yield told


def _together(text: str, tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the first tokens that tell one moment: a day, then a part of it, then an hour."""
    group = tokens[:1]
    for token in tokens[1:]:
        last = group[-1]
        gap = text[last.end() : token.start()]
        if not _LINK.match(gap) or _rank(token) <= _rank(last):
            break
        group.append(token)
    return group


def _rank(token: re.Match[str]) -> int:
    return _ORDER[token.lastgroup or ""]


def _told(text: str, group: list[re.Match[str]]) -> Told | None:
    start, stop = group[0].start(), group[-1].end()
    if _OTHER_DAY.search(text[max(0, start - _NOTICE) : start]):
        return None
    parts = {token.lastgroup: token for token in group}
    before = _BEFORE.match(text, stop)
    latest = _LATEST.search(text[max(0, start - _NOTICE) : start])
    deadline = bool(before or latest)
    if not (deadline or _stands_alone(text, parts)):
        return None
    clock = _clock(parts["clock"]) if "clock" in parts else None
    day = parts.get("day")
    rule = day_rule(text, day.start(), day.end()) if day else None
    if (day and not rule) or ("clock" in parts and not clock):
        return None
    when = OnDay(
        day=rule.days if rule else None,
        half=parts["half"].group() if "half" in parts else None,
        clock=clock,
        is_festival=bool(rule and rule.is_festival),
    )
    moment = Moment(when, deadline, is_past=bool(rule and rule.is_past))
    return Told(start, before.end() if before else stop, moment)


def _stands_alone(text: str, parts: dict[str | None, re.Match[str]]) -> bool:
    """Return whether words without 前 tell a time; 一点 and 早上好 do not."""
    if "day" in parts:
        return True
    if "half" in parts:
        stop = max(token.end() for token in parts.values())
        if "clock" in parts:
            return True
        return bool(_SOON.match(text, stop)) and not _NOT_TOLD.match(text, stop)
    found = parts["clock"]
    if _TOLD_AS_HOUR.search(found.group()) or _HOUR_FOLLOWS.match(text, found.end()):
        return True
    hour = found["hour"]
    return hour.isascii() and int(hour) > 1 and not _POINTS.match(text, found.end())


def _clock(found: re.Match[str]) -> Clock | None:
    hour = number_of(found["hour"])
    said = found["exact"] or found["minute"]
    minute = number_of(said) if said else _PARTS.get(found["part"] or "", 0)
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    return Clock(int(hour), int(minute))
