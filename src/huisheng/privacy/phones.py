"""Find phone numbers: mobiles however written, platform numbers with extension, landlines, 400."""

import re
from collections.abc import Iterator

from huisheng.privacy.folding import EVERYDAY, INVISIBLE, MASKED
from huisheng.privacy.kinds import Entity, Kind
from huisheng.privacy.view import EMAIL_HOST, View

_SEPARATOR = rf"[ \t\-‐-―_.·•,、/~(){INVISIBLE}]"
_END = rf"(?![0-9{MASKED}])"
_START = rf"(?<![0-9{MASKED}])"
# "0.13812345678" is a fraction.
_NOT_FRACTION = r"(?<!\D0\.)(?<!^0\.)"

_NO_MAILBOX = rf"(?![A-Za-z0-9._%+-]*@{EMAIL_HOST})"

_ELEVEN = rf"1{_SEPARATOR}{{0,3}}[3-9](?:{_SEPARATOR}{{0,3}}[0-9]){{9}}"
_COMPACT = re.compile(rf"{_START}{_NOT_FRACTION}(?:0086|86)?(1[3-9][0-9]{{9}}){_END}{_NO_MAILBOX}")
_SPACED = re.compile(rf"{_START}{_NOT_FRACTION}(?=({_ELEVEN}){_END}{_NO_MAILBOX})")
_SPOKEN = re.compile(f"(?=({_ELEVEN}))")
_TOUCHED = re.compile(rf"[0-9{MASKED}]")
_EVERYDAY = re.compile(f"[{EVERYDAY}]")
_HIDDEN = re.compile(rf"[{INVISIBLE}]")
_CALL_ME = re.compile(
    r"(?:电话|手机|联系|号码?|拨打|打给|致电|tel|phone|mobile)[^0-9]{0,6}\Z", re.I
)

# How people group eleven digits; other groupings are price and size lists unless a call is meant.
_USUAL_GROUPS = frozenset(
    {
        (1, 10),
        (2, 9),
        (3, 8),
        (7, 4),
        (4, 7),
        (5, 6),
        (6, 5),
        (3, 4, 4),
        (4, 3, 4),
        (3, 3, 5),
        (3, 5, 3),
        (1, 2, 4, 4),
        (3, 4, 2, 2),
        (1,) * 11,
    }
)
_COMMA_GROUPS = frozenset({(3, 4, 4), (1,) * 11})

_EXTENSION = re.compile(
    rf"(?:\s?(?:转接?|分机号?|ext\.?|#)\s?|-)([0-9]{{3,4}}){_END}", re.IGNORECASE
)
_AREA = r"(?:10|2[0-57-9]|[3-9][0-9]{2})"
_LANDLINE = re.compile(
    rf"(?<![0-9A-Za-z{MASKED}]){_NOT_FRACTION}(?:"
    rf"\(?(0{_AREA})(?:\)[ ‐-―-]?|[ ‐-―-])[0-9]{{3,4}}[ ‐-―-]?[0-9]{{4}}"
    rf"|(0(?:10|2[0-57-9]))[0-9]{{8}}|(0[3-9][0-9]{{2}})[0-9]{{7,8}}"
    rf"|(?:\+|00)86[ ‐-―-]?({_AREA})[ ‐-―-]?[0-9]{{3,4}}[ ‐-―-]?[0-9]{{4}}"
    rf"){_END}"
)
_SERVICE_LINE = re.compile(
    rf"{_START}{_NOT_FRACTION}(?:(400)(?:[ ‐-―-]?[0-9]){{7}}|(800)-[0-9]{{3}}-?[0-9]{{4}}){_END}"
)
_LOCAL_LINE = re.compile(
    rf"(?:座机|固话|电话|tel)[号码是为: ]{{0,4}}([2-9][0-9]{{2,3}}[ ‐-―-]?[0-9]{{4}}){_END}", re.I
)


def find_mobiles(view: View) -> Iterator[Entity]:
    """Yield mobiles and, where an extension follows, platform numbers (虚拟号)."""
    for found in _COMPACT.finditer(view.plain):
        yield _mobile(view, found.start(1), found.end(1), found.group(1))
    for found in _SPACED.finditer(view.plain):
        start, end = found.span(1)
        if _grouped_like_a_phone(view, start, found.group(1)):
            yield _mobile(view, start, end, _digits(found.group(1)))
    yield from _spoken_mobiles(view)


def _spoken_mobiles(view: View) -> Iterator[Entity]:
    spoken = view.spoken
    if spoken == view.plain:
        return
    for found in _SPOKEN.finditer(spoken):
        start, end = found.span(1)
        written = view.plain[start:end]
        beside = view.plain[max(0, start - 1) : start] + view.plain[end : end + 1]
        disguised = 11 - len(_digits(written))
        few = disguised < 3
        if _TOUCHED.search(beside) or not disguised or (few and _EVERYDAY.search(written)):
            continue
        if _grouped_like_a_phone(view, start, found.group(1), few=few):
            yield _mobile(view, start, end, _digits(found.group(1)))


def find_landlines(view: View) -> Iterator[Entity]:
    """Yield landlines with area code, 400 / 800 lines, and local numbers where a call is meant."""
    for pattern in (_LANDLINE, _SERVICE_LINE):
        for found in pattern.finditer(view.plain):
            area = next(group for group in found.groups() if group)
            # Behind +86 the area code has lost its zero.
            area = f"0{area}" if found.lastindex == 4 else area
            yield _landline(view, found.start(), found.end(), f"{area}-")
    for found in _LOCAL_LINE.finditer(view.plain):
        yield _landline(view, found.start(1), found.end(1), "")


def mask_mobile(digits: str) -> str:
    """Return `138****5678`."""
    return f"{digits[:3]}****{digits[-4:]}"


def _mobile(view: View, start: int, end: int, digits: str) -> Entity:
    extension = _EXTENSION.match(view.plain, end)
    if extension is None:
        return Entity(Kind.PHONE, start, end, digits, mask_mobile(digits))
    number = extension.group(1)
    value = f"{digits}-{number}"
    return Entity(Kind.VIRTUAL_PHONE, start, extension.end(), value, f"****{number[-2:]}")


def _landline(view: View, start: int, end: int, prefix: str) -> Entity:
    digits = _digits(view.plain[start:end])
    extension = _EXTENSION.match(view.plain, end)
    end = extension.end() if extension else end
    return Entity(Kind.LANDLINE, start, end, digits, f"{prefix}****{digits[-4:]}")


def _grouped_like_a_phone(view: View, start: int, text: str, *, few: bool = False) -> bool:
    """Tell a number from a list; `few` disguised digits alone do not make one of a list."""
    groups = tuple(len(run) for run in re.findall("[0-9]+", _HIDDEN.sub("", text)))
    if len(groups) == 1:
        return True
    usual = _COMMA_GROUPS if re.search("[,、]", text) else _USUAL_GROUPS
    return not few and (groups in usual or _CALL_ME.search(view.before(start)) is not None)


def _digits(text: str) -> str:
    return "".join(re.findall("[0-9]", text))
