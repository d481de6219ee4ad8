"""Read heights and weights of people: 一米六五, 165/110, 98斤, 五十公斤.

A weight without a unit is 斤 (half a kilogram) or kilograms. Beside a height the reading is taken
whose body-mass index (weight in kg over squared height in m) lies between 15 and 35; if both do,
or none, nothing is said. Without a height, 90 to 200 are 斤, and other numbers say nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huisheng.language.entities.numerals import CHINESE, DIGITS, number_of

HEIGHT_TRIGGER = r"[0-9一二两][米m]|cm|厘米|公分|身高|个子|[12][0-9]{2}"
"""RE2: what every text with a height holds."""
WEIGHT_TRIGGER = r"[斤千克g]|体重|kg|[12][0-9]{2}[^0-9]{1,4}[0-9]{2}"
"""RE2: what every text with a weight holds."""
_DIGIT = f"[{''.join(DIGITS)}]"
_START = r"(?<![0-9a-z*.\-])"
_OF_PERSON = re.compile(
    r"身高|体重|个子|斤|kg|穿|什么码|多大码|哪个码|几码|尺码|胖|瘦|身材|[我他她]|女|男|老[公婆]|妈|爸|宝宝|孩子|小孩|娃|儿子|媳妇"
)
_OF_CHILD = re.compile(r"身高|个子|宝宝|宝贝|孩子|小孩|娃|儿子|女儿|闺女|岁")
_GROWN_UP, _NEAR = 140, 15
_OF_THING = re.compile(
    r"(?:的|长的?|宽的?)?(?:床|被|线|绳|桌|长|宽|布|窗|柜|架|杆|帘|毯|带|垫|席|管|屏|水|地|门|沙发|以上|以下|深|厚|直径|箱|瓶)"
)
_MEASURED = re.compile(
    r"(?:长|宽|线|床|桌|窗|柜|直径|胸围|腰围|臀围|肩宽|衣长|裤长"
    r"|袖长|裙长|深|厚|大小|尺寸|(?<!身)高)[是有为约]? ?\Z"
)
_SHORTEST, _TALLEST = 50, 230
_METRES = re.compile(
    rf"{_START}(?P<m>[12一二两])(?:米|m(?![a-z0-9]*[a-z]))(?P<rest>[0-9]{{1,2}}|{_DIGIT}{{1,2}})?(?![0-9多几])"
    rf"|{_START}(?P<decimal>[12]\.[0-9]{{1,2}}) ?(?:米|m(?![a-z0-9]))"
)
_CENTIMETRES = re.compile(
    rf"{_START}(?P<cm>[0-9]{{2,3}}(?:\.[05])?)(?: ?[-~到] ?(?P<to>[0-9]{{2,3}}))? ?"
    r"(?:cm|厘米|公分)(?![0-9a-z])"
)
_NAMED_HEIGHT = re.compile(
    r"(?:身高|个子)(?:是|有|大概|大约|差不多|在|[:, ]){0,3}"
    rf"(?P<cm>[0-9]{{2,3}}(?:\.[05])?|一{_DIGIT}{{2}})(?:[-~到](?P<to>[0-9]{{3}}))?"
    r"(?![0-9.米m斤块元%])"
)
_BARE_HEIGHT = re.compile(
    rf"{_START}(?P<cm>1[4-9][0-9]|20[0-5])(?=(?:的)?(?:身高|个子|高(?![度清低])))"
    rf"|(?:[我他她女男]|老[公婆]|妈妈?|爸爸?|儿子|孩子)(?:是|有|生)? ?(?P<own>1[4-9][0-9])"
    rf"(?![0-9.元块斤米%/\-])(?=.{{0,12}}(?:穿|码|斤|kg))"
)
_PAIR = re.compile(
    rf"{_START}(?P<cm>1[3-9][0-9]|20[0-5]) ?(?:cm|公分|厘米)?[/,，、 .;+\-]{{1,2}}(?:体重)?"
    rf"(?P<weight>[0-9]{{2,3}}(?:\.[0-9])?)(?:[-~到][0-9]{{2,3}})? ?"
    r"(?P<unit>公斤|千克|kg|斤)?(?![0-9a-z:/])"
)
_WEAR = re.compile(r"穿|什么码|多大码|哪个码|几码|尺码|码数|身高|体重|推荐|选[多什哪]")
_UNIT_WEIGHT = re.compile(
    rf"{_START}(?P<n>[0-9]{{1,3}}(?:\.[0-9])?|{CHINESE}{{1,6}})"
    rf"(?: ?[-~到至] ?(?P<to>[0-9]{{2,3}}|{CHINESE}{{1,6}}))? ?(?:来|多|几)?"
    r"(?P<unit>公斤|千克|kg|斤)(?P<half>半)?(?![a-z])"
)
_NAMED_WEIGHT = re.compile(
    rf"(?:体重|重)(?:是|有|大概|大约|差不多|在|[:, ]){{0,3}}"
    rf"(?P<n>[0-9]{{2,3}}(?:\.[0-9])?|{CHINESE}{{2,5}})(?![0-9.克g斤千公k块元%])"
)
_BESIDE_HEIGHT = re.compile(rf"{_START}(?P<n>[0-9]{{2,3}})重(?![0-9量])")
_LOAD = re.compile(
    r"(?:承重|载重|限重|超重|净重|毛重|重量|承载|能装|买了?"
    r"|发了?|一共|每箱|整箱|差|少了?|多了?|送|瘦了?|减了?|胖了?)[是有为约]? ?\Z"
)
_GOODS = re.compile(
    r"装|的?(?:大?米|面|果|货|包裹|快递|运费|箱|袋|猫|狗|粮|肉|苹果|橙|橘|桃|梨|茶|油|重物|桶|哑铃|以内包邮|包邮)"
)
_TENS = re.compile(r"[0-9十百]")
"""五六斤 and 九一斤 are no two digits of one number."""
_LIGHTEST, _HEAVIEST = 25.0, 150.0
_THINNEST, _FATTEST = 15.0, 35.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A height in centimetres or a weight in kilograms, and where it stands."""

    start: int
    stop: int
    low: float
    high: float


def heights_in(text: str) -> Iterator[Measure]:
    """Yield the heights of people in a plain text, in centimetres."""
    for found in _METRES.finditer(text):
        metres = found["decimal"]
        low = 100 * float(metres) if metres else _metres(found["m"], found["rest"])
        if _is_of_person(text, found, low) and (metres or found["rest"] or "高" in text):
            yield from _height(found.start(), found.end(), low, low)
    for found in _CENTIMETRES.finditer(text):
        low = float(found["cm"])
        if _is_of_person(text, found, low):
            yield from _height(found.start(), found.end(), low, float(found["to"] or low))
    for found in _NAMED_HEIGHT.finditer(text):
        low, stop = number_of(found["cm"]) or 0.0, found.end("to" if found["to"] else "cm")
        yield from _height(found.start("cm"), stop, low, float(found["to"] or low))
    for found in _BARE_HEIGHT.finditer(text):
        name = "cm" if found["cm"] else "own"
        yield from _height(*found.span(name), float(found[name]), float(found[name]))
    for found in _pairs(text):
        yield from _height(*found.span("cm"), float(found["cm"]), float(found["cm"]))


def weights_in(text: str) -> Iterator[Measure]:
    """Yield the weights of people in a plain text, in kilograms."""
    for found in _UNIT_WEIGHT.finditer(text):
        before = text[max(0, found.start() - 4) : found.start()]
        if not (_LOAD.search(before) or _GOODS.match(text, found.end())):
            yield from _weight(found)
    heights = sorted(heights_in(text), key=lambda height: height.start)
    for found in _NAMED_WEIGHT.finditer(text):
        near = min(heights, key=lambda height: abs(height.start - found.start()), default=None)
        yield from _unitless(found, "n", near.low if near else None)
    for found in _BESIDE_HEIGHT.finditer(text) if heights else ():
        yield from _unitless(found, "n", heights[0].low)
    for found in _pairs(text):
        if not found["unit"]:
            yield from _unitless(found, "weight", float(found["cm"]))


def _pairs(text: str) -> Iterator[re.Match[str]]:
    wears = bool(_WEAR.search(text))
    for found in _PAIR.finditer(text):
        if wears or found["unit"]:
            yield found


def _metres(metres: str, rest: str | None) -> float:
    """Return centimetres: 1米65 and 一米六五 are 165, 1米6 and 一米六 are 160."""
    more = number_of(rest) if rest else 0.0
    scale = 10 if rest and len(rest) == 1 else 1
    return 100 * (number_of(metres) or 0) + scale * (more or 0)


def _is_of_person(text: str, found: re.Match[str], height_cm: float) -> bool:
    """Return whether a length is a person's: somebody is named nearby, a child if it is short."""
    before = text[max(0, found.start() - 5) : found.start()]
    if _MEASURED.search(before) or _OF_THING.match(text, found.end()):
        return False
    somebody = _OF_PERSON if height_cm >= _GROWN_UP else _OF_CHILD
    return bool(somebody.search(text, max(0, found.start() - _NEAR), found.end() + _NEAR))


def _height(start: int, stop: int, low: float, high: float) -> Iterator[Measure]:
    if _SHORTEST <= low <= high <= _TALLEST:
        yield Measure(start, stop, low, high)


def _weight(found: re.Match[str]) -> Iterator[Measure]:
    low, high = number_of(found["n"]), number_of(found["to"] or found["n"])
    if low is None or high is None or not _TENS.search(found["n"]):
        return
    scale = 0.5 if found["unit"] == "斤" else 1.0
    more = 0.5 if found["half"] else 0.0
    low, high = (low + more) * scale, (high + more) * scale
    if _LIGHTEST <= low <= high <= _HEAVIEST:
        yield Measure(found.start(), found.end(), low, high)


def _unitless(found: re.Match[str], name: str, height_cm: float | None) -> Iterator[Measure]:
    number = number_of(found[name])
    if number is None:
        return
    if height_cm is None:
        readings = [number / 2] if 90 <= number <= 200 else []
    else:
        square = (height_cm / 100) ** 2
        both = (number / 2, number)
        readings = [kg for kg in both if _THINNEST <= kg / square <= _FATTEST]
    if len(readings) == 1:
        yield Measure(*found.span(name), readings[0], readings[0])
