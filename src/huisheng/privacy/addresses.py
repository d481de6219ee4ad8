"""Find postal addresses: chains of province, city, district, road and house tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huisheng.privacy.folding import MASKED
from huisheng.privacy.gazetteer import CITIES, COMMON_PLACES, PROVINCES, alternation, initials
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import View

_NEVER = (
    "的了吗呢吧啊呀哦噢我你您他她它们这那哪什怎请没很把让跟到在寄送改换给是址"
    "还住也就又才但而且因级最真好"
)
_NAME = f"(?![{_NEVER}])[\u4e00-\u9fff]"
_ANY_PROVINCE, _ANY_CITY = alternation(PROVINCES), alternation(CITIES)
_PROVINCE = (
    rf"(?=[{initials(PROVINCES)}])(?:{_ANY_PROVINCE})"
    r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区|(?![东南西北中一二三四五]?[路街]|大道))"
)
_CITY = (
    rf"(?=[{initials(CITIES)}])(?:{_ANY_CITY})"
    r"(?:市|地区|盟|[\u4e00-\u9fff]{0,6}族自治州|(?![区县路街镇乡村道]|[东南西北中]路))"
)
_PLACE = re.compile(rf"(?P<province>{_PROVINCE})|(?P<city>{_CITY})")
_PROVINCE_AND_CITY = re.compile(
    rf"(?P<province>{_PROVINCE})?[ \t,]{{0,2}}"
    rf"(?P<city>{_CITY}|(?:(?![区县旗镇乡街路村号]){_NAME}){{1,6}}?(?:市|自治州)(?!场))?"
)
_TOKEN = re.compile(
    rf"(?P<house>(?<![0-9A-Za-z{MASKED}-])(?:[0-9]{{1,5}}(?:-[0-9]{{1,4}}){{0,3}}[A-Za-z]? ?"
    rf"(?:号楼|号院|号|栋|幢|座|单元|室|楼|层|弄|组|队|户|门|房)"
    rf"|[A-Za-z][0-9]{{0,3}}(?:栋|幢|座|区|单元|室|馆)"
    rf"|[一二三四五六七八九十百零东南西北]{{1,6}}(?:号楼|号院|号|栋|幢|座|单元|楼|层|组|期)))"
    rf"|(?P<province>{_PROVINCE})|(?P<city>{_CITY})"
    rf"|(?:{_NAME}){{1,10}}?(?:"
    r"(?P<town>街道|镇|乡|苏木|农场)"
    r"|(?P<road>大道|大街|街|路|巷|弄|胡同|村|庄|屯|社区|小区|花园|花苑|家园|公寓|大厦|广场|中心"
    r"|写字楼|(?:科技|产业|工业)园(?!区)|苑|园(?!区))"
    r"|(?P<site>学院|大学|中学|小学|学校|医院|宿舍|酒店|宾馆|公司|驿站|超市)"
    r"|(?P<district>经济技术开发区|经济开发区|开发区|高新区|工业园区|新区|自治县|自治旗|区|县|旗)"
    r"|(?P<town_city>市|自治州)(?!场)"
    r")"
)
_GAP = re.compile(r"[ \t]{0,2}")
_COMMA_GAP = re.compile(r"[ \t,]{0,2}")
_WIDE = frozenset({"province", "city", "town_city"})
_ROOM = re.compile(
    rf"[ ]?[0-9]{{1,4}}(?:-[0-9]{{1,4}}){{0,3}}[A-Za-z]?"
    rf"(?![0-9A-Za-z{MASKED}.%-]|[元块件个天点月折年双])"
)
_ADDRESS_WORD = re.compile(r"(?:地址|住址|收货地|寄到|送到|发到|住在)[^0-9A-Za-z]{0,4}\Z")

_LAST = (
    "[省市区县旗盟镇乡街道路巷弄同村庄屯苑厦寓园场心楼学校院舍店馆司站号栋幢座室元层期组队户门房木]"
)
_BREAKS = r"。！？；：、…（）【】“”～!?;:()\[\]\"'/|<>=+_@~\r\n"
_WITHIN = f"[^{_NEVER}{_BREAKS}]*"
_STRETCH = re.compile(f"{_WITHIN}{_LAST}{_WITHIN}")
TRIGGERS = (
    f"{_LAST}{_WITHIN}{_LAST}{_WITHIN}{_LAST}",
    f"(?:地址|住[址在]|收货地|[寄送发]到).*{_LAST}{_WITHIN}{_LAST}",
    f"(?:{_ANY_PROVINCE}|{_ANY_CITY}){_WITHIN}{_LAST}",
)
"""RE2: one of these is in every address."""


@dataclass(frozen=True, slots=True)
class _Token:
    level: str
    start: int
    end: int
    common: bool


def find_addresses(view: View) -> Iterator[Entity]:
    """Yield chains of at least three address tokens (two after 地址 / 寄到).

    A chain needs more than place names: 北京上海广州 is a list of cities. One without province or
    city needs a house number, or a district or town with a road.
    """
    for stretch in _STRETCH.finditer(view.plain):
        chain: list[_Token] = []
        for token in _tokens(view.plain, *stretch.span()):
            if chain and not _adjoin(view.plain, chain[-1], token):
                yield from _address(view, chain)
                chain = []
            chain.append(token)
        yield from _address(view, chain)


def _adjoin(plain: str, earlier: _Token, later: _Token) -> bool:
    gap = _GAP if earlier.level in ("house", "road", "site") else _COMMA_GAP
    return gap.fullmatch(plain, earlier.end, later.start) is not None


def mask_address(text: str, kept: int) -> str:
    """Return the first `kept` characters (province and city) and `***`."""
    return f"{text[:kept].rstrip(' ,，')}***"


def place_end(plain: str, start: int = 0) -> int:
    """Return where the province and city end that folded text names at `start`."""
    found = _PROVINCE_AND_CITY.match(plain, start)
    return found.end() if found and found.lastgroup else start


def _tokens(plain: str, position: int, end_position: int) -> Iterator[_Token]:
    while found := _TOKEN.search(plain, position, end_position):
        level = found.lastgroup or ""
        start, end = found.span()
        if level not in ("province", "city", "house"):
            # The body of a token may have run over a place name, as in 张三杭州西湖区.
            place = _PLACE.search(plain, start + 1, end)
            if place:
                position = place.start()
                continue
        yield _Token(level, start, end, found.group() in COMMON_PLACES)
        position = end


def _address(view: View, chain: list[_Token]) -> Iterator[Entity]:
    while chain and chain[0].common:
        chain = chain[1:]
    if not _is_address(view, chain):
        return
    start, end = chain[0].start, chain[-1].end
    room = _ROOM.match(view.plain, end)
    end = room.end() if room else end
    kept = place_end(view.plain, start)
    if kept < end:
        text = view.original[start:end]
        yield Entity(Kind.ADDRESS, start, end, text, mask_address(text, kept - start))


def _is_address(view: View, chain: list[_Token]) -> bool:
    levels = {token.level for token in chain if not token.common}
    count = sum(not token.common for token in chain)
    if count == 2 and "house" in levels and len(levels) == 2:
        return _ADDRESS_WORD.search(view.before(chain[0].start)) is not None
    if count < 3:
        return False
    local = levels - _WIDE - {"site"}
    return len(local) > (0 if levels & _WIDE else 1)
