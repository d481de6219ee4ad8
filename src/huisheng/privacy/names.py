"""Find people's names where the words around say that a name stands there; never by guessing."""

import re
from collections.abc import Iterator

from huisheng.privacy.folding import MASKED, SPACES
from huisheng.privacy.gazetteer import (
    CITIES,
    DOUBLE_SURNAMES,
    NAME_ENDS,
    NO_NAMES,
    PROVINCES,
    SURNAMES,
)
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import BLANK_OF, View

_HAN = "\u4e00-\u9fff"
_TITLES = (
    "收件人|收货人|寄件人|发件人|联系人|收款人|付款人|开户人"
    "|开户名|账户名|户名|持卡人|姓名|名字|抬头"
)
_AFTER_TITLE = re.compile(
    rf"(?:{_TITLES})(?:姓名|名字|名称)?"
    r"(?P<mark>(?:\((?:个人|必填)\))?(?:[:=]|是|为|叫|改成|改为|换成|[\s,|])*)"
)
_AFTER_SELF = re.compile(r"(?:我(?:的名字)?叫|本人叫|名叫)[:\s]*")
_ANNOUNCED = re.compile("[:=是为叫改换]")

_HAN_RUN = re.compile(rf"[{_HAN}]{{2,9}}")
_DOTTED = re.compile(rf"[{_HAN}]{{1,8}}(?:[·•・][{_HAN}]{{1,8}}){{1,3}}")
_LATIN = re.compile(
    rf"[A-Za-z]{{2,20}}(?:[ .][A-Za-z]{{2,20}}){{0,2}}(?![A-Za-z0-9@_.{_HAN}{MASKED}-])"
)

_REACHABLE = "".join(BLANK_OF[kind] for kind in (Kind.PHONE, Kind.VIRTUAL_PHONE, Kind.ADDRESS))
_CONTACT = f"[{_REACHABLE}]"
_MASKED_PHONE = r"1[3-9][0-9]\*{4}[0-9]{4}"
_BESIDE = r"[ \t\r\n,;:、/|+()\[\]-]{0,3}"
_BEFORE_CONTACT = re.compile(
    rf"(?<![{_HAN}A-Za-z0-9{MASKED}])([{_HAN}]{{2,5}}){_BESIDE}(?={_CONTACT}|{_MASKED_PHONE})"
)
_AFTER_CONTACT = re.compile(
    rf"(?:(?<={_CONTACT})|(?<={_MASKED_PHONE})){_BESIDE}([{_HAN}]{{2,5}})(?![{_HAN}*])"
)
_PLACES = frozenset((*PROVINCES, *CITIES))
_ENDS = NAME_ENDS | {""}

_ANY_SURNAME = "[" + "".join(sorted({*SURNAMES, *(name[0] for name in DOUBLE_SURNAMES)})) + "]"
TRIGGERS = (
    rf"(?:{_TITLES})(?:姓名|名字|名称)?(?:{_ANY_SURNAME}"
    rf"|(?:[:：=,，|()（）\s{SPACES}]|个人|必填|是|为|叫|改成|改为|换成)+[A-Za-z{_HAN}])",
    rf"叫[:：\s{SPACES}]*{_ANY_SURNAME}",
    r"[0-9]\*{4}[0-9]{4}",
)
"""RE2: besides a phone or an address, only these words, or a masked phone, lead to a name."""


def find_names(view: View) -> Iterator[Entity]:
    """Yield names after 收件人 / 姓名 / 我叫 … and beside a phone or an address."""
    for found in _AFTER_TITLE.finditer(view.plain):
        yield from _after_title(view, found.end(), found["mark"])
    for found in _AFTER_SELF.finditer(view.plain):
        run = _HAN_RUN.match(view.plain, found.end())
        if run:
            yield from _checked(view, run.start(), _surnamed(run.group()))
    for pattern in (_BEFORE_CONTACT, _AFTER_CONTACT):
        for found in pattern.finditer(view.plain):
            token = found.group(1).removesuffix("收")
            if _surnamed(token) == len(token) and token not in _PLACES:
                yield _entity(view, found.start(1), found.start(1) + len(token))


def mask_name(name: str) -> str:
    """Return `张**`, whatever the length."""
    return f"{name[0]}**"


def _after_title(view: View, start: int, mark: str) -> Iterator[Entity]:
    for pattern in (_DOTTED, _LATIN) if mark else ():
        foreign = pattern.match(view.plain, start)
        if foreign:
            yield _entity(view, *foreign.span())
            return
    run = _HAN_RUN.match(view.plain, start)
    if run is None:
        return
    length = _surnamed(run.group())
    if not length and _ANNOUNCED.search(mark):
        length = _unsurnamed(run.group())
    # Without a mark the name must end where a word may end: 名字查得到 is no name.
    if mark or run.group()[length : length + 1] in _ENDS:
        yield from _checked(view, start, length)


def _checked(view: View, start: int, length: int) -> Iterator[Entity]:
    if length and view.plain[start + length : start + length + 1] != "*":
        yield _entity(view, start, start + length)


def _surnamed(run: str) -> int:
    """Return how many characters at the start are a surname with its given name; 0 if none."""
    surname = 2 if run[:2] in DOUBLE_SURNAMES else 1
    if run[:2] in NO_NAMES or (surname == 1 and run[0] not in SURNAMES):
        return 0
    given = 0
    while given < 2 and run[surname + given : surname + given + 1] not in _ENDS:
        given += 1
    return surname + given if given else 0


def _unsurnamed(run: str) -> int:
    is_name = 2 <= len(run) <= 4 and run[:2] not in NO_NAMES and not NAME_ENDS.intersection(run)
    return len(run) if is_name else 0


def _entity(view: View, start: int, end: int) -> Entity:
    name = view.original[start:end]
    return Entity(Kind.NAME, start, end, name, mask_name(name))
