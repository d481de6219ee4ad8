"""Find identity cards, bank cards and tax numbers, by checksum or by the words before them."""

import re
from collections.abc import Iterator

from huisheng.privacy.folding import MASKED
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import View

_START = rf"(?<![0-9{MASKED}])(?<!\D0\.)(?<!^0\.)"
_END = rf"(?![0-9{MASKED}])"

_ID_CARD = re.compile(
    rf"{_START}([1-9][0-9]{{5}})[ -]?((?:18|19|20)[0-9]{{2}})[ -]?"
    rf"((?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))[ -]?([0-9]{{3}}[0-9Xx]){_END}"
)
_ID_WORDS = re.compile(r"身份证|证件号|清关|实名")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"

_BANK_CARD = re.compile(rf"{_START}[0-9]{{4}}(?:[ -]?[0-9]{{4}}){{3}}(?:[ -]?[0-9]{{1,3}})?{_END}")
_BANK_WORDS = re.compile(
    r"银行|卡号|开户|储蓄|打款|转账|汇款|账户|账号|[工农中建交招邮]行|[信借]用?记?卡|bank|card",
    re.I,
)
_ORDER_WORDS = re.compile(r"订单|单号|编号|退款|退货|售后|流水|快递|物流|运单|order", re.I)
# UnionPay, Visa, Mastercard, JCB: the ranges (ISO/IEC 7812) met on cards issued in China.
_ISSUERS = re.compile(r"62[0-9]{14,17}|(?:4[0-9]{3}|5[1-5][0-9]{2}|352[89]|35[3-8][0-9])[0-9]{12}")

_TAX_WORDS = "税号|税务登记号|纳税人识别号|信用代码"
_TAX_WORD = re.compile(
    rf"(?:{_TAX_WORDS})[号码是为: ]{{0,4}}"
    rf"(?P<number>[0-9A-Za-z]{{15,20}})(?![0-9A-Za-z{MASKED}])"
)
_CREDIT_CODE = re.compile(
    rf"(?<![0-9A-Za-z{MASKED}])(?P<number>[159Y][1239][0-9]{{6}}[0-9A-HJ-NPQRTUWXY]{{10}})"
    rf"(?![0-9A-Za-z{MASKED}])"
)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

TAX_TRIGGER = f"(?:{_TAX_WORDS})[^0-9A-Za-z]{{0,4}}[0-9A-Za-z]{{15}}"
"""RE2: besides a run of digits, only this leads to a tax number."""


def find_id_cards(view: View) -> Iterator[Entity]:
    """Yield 18-digit identity numbers: right checksum (GB 11643), or named as one."""
    for found in _ID_CARD.finditer(view.plain):
        number = "".join(found.groups()).upper()
        if _id_checksum_holds(number) or _ID_WORDS.search(view.before(found.start())):
            masked = f"{number[:3]}{'*' * 11}{number[-4:]}"
            yield Entity(Kind.ID_CARD, *found.span(), number, masked)


def find_bank_cards(view: View) -> Iterator[Entity]:
    """Yield card numbers of 16–19 digits.

    A card is one that bank words introduce, or one of a known issuer range whose Luhn digit
    (ISO/IEC 7812) holds and that order words do not introduce: an order number would pass the
    digit alone one time in ten.
    """
    for found in _BANK_CARD.finditer(view.plain):
        number = "".join(re.findall("[0-9]", found.group()))
        if _is_card(number, view.before(found.start())):
            masked = f"{number[:4]} **** **** {number[-4:]}"
            yield Entity(Kind.BANK_CARD, *found.span(), number, masked)


def find_tax_ids(view: View) -> Iterator[Entity]:
    """Yield tax numbers: named as one, or a credit code (GB 32100) with letters, checksum right."""
    for pattern in (_TAX_WORD, _CREDIT_CODE):
        for found in pattern.finditer(view.plain):
            number = found["number"].upper()
            if pattern is _TAX_WORD or _is_credit_code(number):
                yield Entity(Kind.TAX_ID, *found.span("number"), number, mask_tax_id(number))


def mask_tax_id(number: str) -> str:
    """Return `***` and the last four."""
    return f"***{number[-4:]}" if len(number) > 4 else "***"


def _is_card(number: str, before: str) -> bool:
    words = sorted(
        (found.end(), is_bank)
        for pattern, is_bank in ((_BANK_WORDS, True), (_ORDER_WORDS, False))
        for found in pattern.finditer(before)
    )
    if words:
        return words[-1][1]
    return _ISSUERS.fullmatch(number) is not None and _luhn_holds(number)


def _luhn_holds(number: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(doubled)) % 10 == 0


def _id_checksum_holds(number: str) -> bool:
    total = sum(int(d) * w for d, w in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11] == number[17]


def _is_credit_code(code: str) -> bool:
    if code.isdigit():
        return False
    values = [_CREDIT_ALPHABET.index(character) for character in code]
    total = sum(v * w for v, w in zip(values[:17], _CREDIT_WEIGHTS, strict=True))
    return (31 - total % 31) % 31 == values[17]
