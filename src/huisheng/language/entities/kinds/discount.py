"""Reductions: 8折 (low and high: the share that is paid), 满300减50 (the value: 30000-5000 fen)."""

import re
from collections.abc import Iterator

from huisheng.language.entities.definition import Definition, Example, Found, Said
from huisheng.language.entities.numerals import DIGITS, number_of

_DIGIT = f"[{''.join(DIGITS)}]"
_AMOUNT = rf"(?:[0-9]{{1,6}}(?:\.[0-9]{{1,2}})?|[{''.join(DIGITS)}十百千]{{1,6}})"
_SHARE = re.compile(
    rf"(?<![0-9.a-z*第])(?P<share>[0-9](?:\.[0-9])?|[1-9][0-9]|{_DIGIT}{{1,2}}|半) ?"
    r"折(?![叠断扇页磨线纸痕伞屏窗门梯])"
)
_OFF = re.compile(
    rf"[满每]够?(?P<full>{_AMOUNT}) ?(?:元|块钱?)?(?:立|再|就|可以|可|直)?"
    rf"[减送返](?P<off>{_AMOUNT})(?:元|块钱?)?(?![个只件双])"
)


def _find(said: Said) -> Iterator[Found]:
    for found in _SHARE.finditer(said.plain):
        share = _share(found["share"])
        if share:
            yield Found(*found.span(), low=share, high=share)
    for found in _OFF.finditer(said.plain):
        full, off = number_of(found["full"]), number_of(found["off"])
        if full and off and off <= full:
            yield Found(*found.span(), f"{round(full * 100)}-{round(off * 100)}")


def _share(said: str) -> float | None:
    """Return what is paid of the price: 8折 and 八折 are 0.8, 85折 and 八五折 are 0.85."""
    number = 5.0 if said == "半" else number_of(said)
    if not number:
        return None
    return round(number / (100 if number >= 10 else 10), 4)


DEFINITION = Definition(
    label="折扣",
    unit="ratio",
    trigger=r"折|[满每].{0,10}[减送返]",
    find=_find,
    examples=(
        Example("打3折吗", "3折", low=0.3),
        Example("打３折吗", "３折", low=0.3),
        Example("8.5折", "8.5折", low=0.85),
        Example("85折券", "85折", low=0.85),
        Example("能打八折不", "八折", low=0.8),
        Example("八五折可以吗", "八五折", low=0.85),
        Example("全场5折起", "5折", low=0.5),
        Example("第二件半折", "半折", low=0.5),
        Example("能给个九折吗", "九折", low=0.9),
        Example("9折和8折哪个", "9折", low=0.9),
        Example("满300减50能用吗", "满300减50", "30000-5000"),
        Example("满３００减５０能用吗", "满３００减５０", "30000-5000"),
        Example("满200元减20元", "满200元减20元", "20000-2000"),
        Example("每满300减40", "满300减40", "30000-4000"),
        Example("满一百减十块", "满一百减十块", "10000-1000"),
        Example("满99立减10", "满99立减10", "9900-1000"),
    ),
    unlike=(
        "折叠的吗",
        "三折叠屏",
        "怎么打折",
        "骨折了",
        "折扣力度",
        "对折一下",
        "300元",
        "买三送一",
        "满意",
        "满100包邮",
        "满300送2个杯子",
        "曲折",
        "第3折",
    ),
)
