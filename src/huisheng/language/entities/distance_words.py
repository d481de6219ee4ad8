"""Find how far away something is: 48小时内, 3-5天到货, 两天后, 3天前."""

import re
from collections.abc import Iterator

from huisheng.language.entities.actions import ACTION
from huisheng.language.entities.moments import Distance, Moment, Told, Unit
from huisheng.language.entities.numerals import CHINESE, number_of

TRIGGER = r"[0-9一二两三四五六七八九十半][个~\-到至分小天日周月星工礼h钟]"
"""RE2: what every text that tells a distance holds."""
_DISTANCE = re.compile(
    rf"(?<![0-9.a-z*第每那月年前同])(?P<low>[0-9]{{1,3}}(?:\.5)?|{CHINESE}{{1,4}}|半)"
    rf"(?:个?[-~到至](?P<high>[0-9]{{1,3}}|{CHINESE}{{1,3}}))?个?(?P<half>半)?"
    r"(?P<unit>工作日|小时|钟头|分钟|星期|礼拜|天(?!猫)|日|周(?![年岁])|(?<=[个半])月|h(?![a-z])"
    r"|min(?![a-z]))(?:的?时间)?(?:左右|多)? ?"
)
_AFTER_EVENT = re.compile(
    r"(?:(?<![今明以之然稍最])后|完成|收货|收到货?|签收|下单|付款|拍下|到达|放行)(?:的|起|您|在|会在?|将在?|预计|大概|约|,|，)*\Z"
)
"""What is told from another event is on no clock here."""
_ENDING = re.compile(
    r"(?P<within>之内|以内|内(?!存|胆|部))|(?P<past>以前|之前|前(?!后|置))|(?P<later>以后|之后|后(?!悔))"
    rf"|(?:就|才|能|可以|会|给[您你]|[帮为][您你]|必|可|即可)*(?P<act>{ACTION})(?!了(?![吗没]))"
)
_EXPECTED = re.compile(
    r"(?:预计|大概|大约|约|需要?|还要|还得|要|最快|最慢|最多|最晚|最迟|时效|周期)"
    r"(?:是|在|大概|等|再等)? ?\Z"
)
_NEAR_ACTION = re.compile(rf"[^，。,;；!！?？]{{0,6}}?(?:{ACTION})")
_ACTION_BEFORE = re.compile(rf"(?:{ACTION})[^，。,;；!！?？]{{0,6}}\Z")
_PAIR = re.compile(r"[一两三四五六七八][两二三四五六七八九]\Z")
_USED = re.compile(r"(?:了|过|已经?|都) ?\Z")
_NOTICE = 14
"""Letters before a distance that say what it is about."""
_UNITS = {
    "分钟": (Unit.MINUTE, 1), "min": (Unit.MINUTE, 1), "小时": (Unit.HOUR, 1),
    "钟头": (Unit.HOUR, 1), "h": (Unit.HOUR, 1), "天": (Unit.DAY, 1), "日": (Unit.DAY, 1),
    "工作日": (Unit.WORKDAY, 1), "周": (Unit.DAY, 7), "星期": (Unit.DAY, 7),
    "礼拜": (Unit.DAY, 7), "月": (Unit.MONTH, 1),
}  # fmt: skip


def distances_in(text: str) -> Iterator[Told]:
    """Yield the distances in time that a plain text tells; how long a thing lasts is none."""
    for found in _DISTANCE.finditer(text):
        ending = _ENDING.match(text, found.end())
        moment = _moment(text, found, ending)
        if moment:
            counts = ending and ending.lastgroup != "act"
            yield Told(found.start(), ending.end() if counts and ending else found.end(), moment)


def _moment(text: str, found: re.Match[str], ending: re.Match[str] | None) -> Moment | None:
    counts = _counts(found)
    if counts is None or _AFTER_EVENT.search(text[max(0, found.start() - _NOTICE) : found.start()]):
        return None
    (low, high), unit = counts, _UNITS[found["unit"]][0]
    how = ending.lastgroup if ending else None
    if how == "past":
        return Moment(Distance(-high, -low, unit), is_past=True)
    if how == "later" and not _USED.search(text[: found.start()]):
        return Moment(Distance(low, high, unit))
    if how == "within":
        return Moment(Distance(low, high, unit), deadline=True)
    if how == "act" or _is_expected(text, found):
        return Moment(Distance(low, high, unit), deadline=low == high)
    return None


def _is_expected(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _NOTICE) : found.start()]
    if _USED.search(before):
        return False
    if _ACTION_BEFORE.search(before):
        return True
    return bool(_EXPECTED.search(before) and _NEAR_ACTION.match(text, found.end()))


def _counts(found: re.Match[str]) -> tuple[float, float] | None:
    said, (_, each) = found["low"], _UNITS[found["unit"]]
    if _PAIR.match(said) and not found["high"]:
        low, high = number_of(said[0]), number_of(said[1])
    else:
        low = number_of(said)
        high = number_of(found["high"]) if found["high"] else low
    if low is None or high is None or not 0 < low <= high:
        return None
    more = 0.5 if found["half"] else 0
    return (low + more) * each, (high + more) * each
