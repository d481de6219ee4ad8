"""Amounts of money in fen: 200块, ¥9.9, 一百二, 9块9, 100到200元.

Reductions (3折, 满300减50) are of another kind; 一块 for «together» or a piece of goods is none.
"""

import re
from collections.abc import Iterator

from huisheng.language.entities.definition import Definition, Example, Found, Said
from huisheng.language.entities.numerals import CHINESE, DIGITS, number_of

_TRIGGER = (
    r"[元块毛¥￥]|rmb|分钱|[一二两三四五六七八九][百千][一二三四五六七八九]|人民币"
    r"|(?:便宜|优惠|押金|定金|原价|差价|返现|运费|红包|[赔卖]|只要).{0,2}[0-9一二两三四五六七八九十]"
)
_DIGIT = f"[{''.join(DIGITS)}]"
_NUMBER = rf"(?:[0-9]{{1,7}}(?:\.[0-9]{{1,2}})?|{CHINESE}{{1,8}})"
_START = r"(?<![0-9a-z*.\-第几数])"
_SIGNED = re.compile(
    rf"[¥￥] ?(?P<low>{_NUMBER})(?: ?[-~到至] ?[¥￥]?(?P<high>{_NUMBER}))?(?![0-9])"
)
_YUAN = re.compile(
    rf"{_START}(?P<low>{_NUMBER})(?: ?[-~到至] ?(?P<high>{_NUMBER}))?(?:多|来)? ?(?P<scale>万)?"
    rf"(?P<unit>元(?![旦素件宝])|rmb|人民币|块)(?P<more>[0-9]{{1,2}}|{_DIGIT}(?![百千万个件双张条斤])|半)?(?:毛|角)?钱?"
)
_SMALL = re.compile(rf"{_START}(?P<low>{_NUMBER})(?P<unit>毛|角|分)钱?(?![0-9])")
_ROUND = re.compile(
    rf"{_START}(?<!身高)(?P<low>{CHINESE}[百千]{_DIGIT})(?![{''.join(DIGITS)}十百千万米斤个件条双张次人天码克g岁公厘度多目])"
)
_SUM = re.compile(
    r"(?:便宜|优惠|押金|定金|原价|差价|返现|运费|红包|[赔卖]|只要)[了我你您才要]{0,2}"
    rf"(?P<low>[0-9]{{2,5}}(?:\.[0-9]{{1,2}})?|{CHINESE}{{2,5}})"
    r"(?![0-9.%折倍个件条双张次人天月日年点小分级元块毛角斤公千克gk码号w万多几来])"
)
"""Amounts that need no unit, for nothing else is counted there."""
_BUYING = re.compile(r"[钱价买卖花付退差补贵值块元券收赔亏返便减省押]|优惠")
_SPENT = re.compile(
    r"(?:[退补返差减花付收赔贵涨降省卖买给值要]|便宜|优惠"
    r"|只要|不到|红包|运费|差价|才|就|加)[了我你您的是给掉到]{0,2} ?\Z"
)
_AMOUNT_FOLLOWS = re.compile(
    r"钱|多(?!肉)|左右|的(?!肥皂|香皂|巧克力|蛋糕|手表)|都|[了吗吧呢啊呀,，。.!！?？、;；~ ]"
    r"|$|优惠|券|红包|运费|差价|补|退|给|一[个件斤双条]|邮|能|可以|买|卖|钱"
)
_PIECES = re.compile(
    r"儿|[装板片]|(?:钱)?(?:肥皂|香皂|橡皮|电池|蛋糕|巧克力|手表|表(?!示)|布|砖|肉|石|糖|屏|硬盘|豆腐|地|毛巾|香|腹肌)"
)
_FEN = {"毛": 10, "角": 10, "分": 1}
_SMALLEST_SUM = 10
_TOGETHER = frozenset({"一", "两", "几"})


def _find(said: Said) -> Iterator[Found]:
    text = said.plain
    for found in _SIGNED.finditer(text):
        yield from _amounts(found, 100)
    for found in _YUAN.finditer(text):
        if found["unit"] != "块" or _is_amount(text, found):
            yield from _amounts(found, 1_000_000 if found["scale"] else 100, _more(found))
    for found in _SMALL.finditer(text):
        if found["unit"] == "毛" or found.group().endswith("钱"):
            yield from _amounts(found, _FEN[found["unit"]])
    yield from _without_unit(text)


def _without_unit(text: str) -> Iterator[Found]:
    for found in _SUM.finditer(text):
        low = number_of(found["low"])
        if low and low >= _SMALLEST_SUM:
            yield Found(*found.span("low"), low=round(low * 100), high=round(low * 100))
    for found in _ROUND.finditer(text) if _BUYING.search(text) else ():
        yield from _amounts(found, 100)


def _is_amount(text: str, found: re.Match[str]) -> bool:
    """Return whether so many 块 are money, not pieces."""
    if found["more"] or found.group().endswith("钱"):
        return True
    if _PIECES.match(text, found.end()):
        return False
    spent = bool(_SPENT.search(text[max(0, found.start() - 5) : found.start()]))
    if found["low"] in _TOGETHER:
        return spent and bool(_AMOUNT_FOLLOWS.match(text, found.end()))
    many = (number_of(found["low"]) or 0) >= 10
    return many or spent or bool(_AMOUNT_FOLLOWS.match(text, found.end()))


def _more(found: re.Match[str]) -> int:
    """Return the fen that follow the unit: 9块9 and 三块五 name tenths."""
    more = found["more"]
    if not more or found["high"]:
        return 0
    if more == "半":
        return 50
    return int((number_of(more) or 0) * (1 if len(more) == 2 else 10))


def _amounts(found: re.Match[str], scale: int, more: int = 0) -> Iterator[Found]:
    groups = found.groupdict()
    low, high = number_of(groups["low"]), number_of(groups.get("high") or groups["low"])
    if low is not None and high is not None and 0 < low <= high:
        yield Found(*found.span(), low=round(low * scale) + more, high=round(high * scale) + more)


DEFINITION = Definition(
    label="金额",
    unit="fen",
    trigger=_TRIGGER,
    find=_find,
    examples=(
        Example("200块能便宜吗", "200块", low=20000),
        Example("２００块能便宜吗", "２００块", low=20000),
        Example("39元", "39元", low=3900),
        Example("39.9元包邮", "39.9元", low=3990),
        Example("¥9.9", "¥9.9", low=990),
        Example("￥128的那款", "￥128", low=12800),
        Example("9块9包邮", "9块9", low=990),
        Example("三块五一个", "三块五", low=350),
        Example("退我五块钱", "五块钱", low=500),
        Example("差价20块", "20块", low=2000),
        Example("卖一百二太贵了", "一百二", low=12000),
        Example("两千五买的", "两千五", low=250000),
        Example("一百二十块", "一百二十块", low=12000),
        Example("便宜5毛也行", "5毛", low=50),
        Example("100-200元的有吗", "100-200元", low=10000, high=20000),
        Example("1.5万元", "1.5万元", low=1500000),
        Example("退一块钱", "一块钱", low=100),
        Example("运费10元谁出", "10元", low=1000),
        Example("500RMB", "500RMB", low=50000),
        Example("给我便宜二十行不行", "二十", low=2000),
        Example("押金两百什么时候退", "两百", low=20000),
    ),
    unlike=(
        "打3折",
        "110",
        "一块买可以吗",
        "一块儿发",
        "三块肥皂",
        "两块电池",
        "一块表",
        "元旦发货吗",
        "身高一百六",
        "一百二十斤",
        "羊毛的吗",
        "5分好评",
        "30分钟",
        "iPhone15",
        "39码",
        "一百个",
        "第三块屏",
        "赔10倍",
        "卖20件了",
        "优惠8折",
    ),
)
