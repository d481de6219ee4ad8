"""Sizes: S, XXL as 2XL, 均码, shoes 39码 and 36.5, national sizes 165/88A."""

import re
from collections.abc import Iterator

from huisheng.language.entities.definition import Definition, Example, Found, Said
from huisheng.language.entities.numerals import CHINESE, number_of

_TRIGGER = (
    r"均码|[0-9零一二三四五六七八九十半] ?[码号]|(?:^|[^0-9a-z])(?:x{0,5}[sl]|[2-9]x[sl]|m|free)"
    r"(?:[^0-9a-z]|$)|[34][0-9][.]5|[码鞋号脚穿拍选换].{0,2}[34][0-9]|[0-9]/[0-9]"
)
_START, _END = r"(?<![0-9a-z*.\-/])", r"(?![0-9a-z])"
_LETTERS = re.compile(
    rf"{_START}(?P<letters>x{{0,5}}[sl]|[2-9]xl|[2-9]xs|m|free)(?P<code> ?[码号])?{_END}"
)
_CUED = re.compile(
    r"穿|码|号|尺寸|拍|换[成个]?|选|要|平时|偏[大小]|发成|合身|合适|[买够]"
    r"|[sml](?:还是|和|或|、|,|/)[sml]"
)
_NOT_A_SIZE = re.compile(r" ?(?:max|size|级|档|卡|\.|'|&|@|:)")
_NUMBER = re.compile(
    rf"(?<![0-9a-z*.\-])(?P<number>[0-9]{{2,3}}(?:\.5)?|{CHINESE}{{2,4}})(?P<half>半)? ?"
    r"(?:码|号(?![链楼线店房桌发送到前之左晚早上下]))"
)
_NAMED = re.compile(
    r"(?:尺?码数?|鞋号?|脚|穿|拍|选|换成?|还是)[是的穿了: ]?"
    r"(?P<number>3[4-9]|4[0-8])(?P<half>\.5|半)?"
    r"(?= ?(?:[的,，。.!！?？、吗呢吧啊大小行偏]|$|还是|正好|合适|可以))"
)
_HALF = re.compile(r"(?<![0-9.¥￥])(?P<number>3[4-9]\.5|4[0-6]\.5)(?=[有没]|还有)")
_NATIONAL = re.compile(r"(?<![0-9/])(?:1[0-9][05]/(?:[5-9][0-9]|1[0-3][0-9])[abyc])(?![0-9a-z])")
_ONE_SIZE = re.compile(r"均码")
_SMALLEST, _LARGEST = 14, 60
_CHILDREN = range(73, 181)


def _find(said: Said) -> Iterator[Found]:
    text = said.plain
    yield from (Found(*found.span(), "均码") for found in _ONE_SIZE.finditer(text))
    yield from _letters(text)
    yield from _numbers(text)
    yield from (Found(*found.span(), found.group()) for found in _HALF.finditer(text))
    for found in _NATIONAL.finditer(text):
        yield Found(*found.span(), found.group().upper())


def _letters(text: str) -> Iterator[Found]:
    cued = bool(_CUED.search(text))
    for found in _LETTERS.finditer(text):
        letters = found["letters"]
        sure = found["code"] or (len(letters) > 1 and letters != "xs")
        if (sure or cued) and not _NOT_A_SIZE.match(text, found.end()):
            yield Found(*found.span(), _spelt(letters))


def _spelt(letters: str) -> str:
    """Return XXL as 2XL; XL, XS and single letters as they are."""
    many = letters.count("x")
    return f"{many}X{letters[-1].upper()}" if many > 1 else letters.upper()


def _numbers(text: str) -> Iterator[Found]:
    for found in _NUMBER.finditer(text):
        number = number_of(found["number"])
        if number is None:
            continue
        whole_code = found.group().endswith("码")
        known = _SMALLEST <= number <= _LARGEST or (whole_code and number in _CHILDREN)
        if known and (whole_code or 33 < number < 49):
            yield Found(*found.span(), f"{number + (0.5 if found['half'] else 0):g}")
    for found in _NAMED.finditer(text):
        half = ".5" if found["half"] else ""
        stop = found.end("half") if half else found.end("number")
        yield Found(found.start("number"), stop, f"{found['number']}{half}")


DEFINITION = Definition(
    label="尺码",
    trigger=_TRIGGER,
    find=_find,
    examples=(
        Example("M码有货吗", "M码", "M"),
        Example("ｍ码有货吗", "ｍ码", "M"),
        Example("我要L的", "L", "L"),
        Example("平时穿S", "S", "S"),
        Example("要XXL", "XXL", "2XL"),
        Example("有没有2XL", "2XL", "2XL"),
        Example("3xl的还有吗", "3xl", "3XL"),
        Example("换成xl吧", "xl", "XL"),
        Example("这个是均码吗", "均码", "均码"),
        Example("39码偏大吗", "39码", "39"),
        Example("三十九码有吗", "三十九码", "39"),
        Example("鞋子穿36.5", "36.5", "36.5"),
        Example("37码半有吗", "37码", "37"),
        Example("尺码39", "39", "39"),
        Example("脚42的选哪个", "42", "42"),
        Example("41号的鞋", "41号", "41"),
        Example("110码宝宝几岁穿", "110码", "110"),
        Example("165/88A的", "165/88A", "165/88A"),
        Example("２７码的裤子", "２７码", "27"),
    ),
    unlike=(
        "MM穿着好看",
        "iPhone XS Max的壳",
        "39元",
        "手机号码",
        "验证码是多少",
        "扫码付款",
        "3M口罩",
        "2L的水壶",
        "USB-C接口",
        "T恤",
        "WS-1000XM5",
        "一个码数",
        "大两码",
        "型号S8",
        "A级货",
        "几码合适",
        "5号电池",
        "12号前发",
        "尺码表在哪",
    ),
)
