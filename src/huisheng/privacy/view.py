"""The text under examination: folded, with what has been claimed blanked out."""

import re
from collections.abc import Callable, Iterator

from huisheng.privacy.folding import MASKED, blank, fold, fold_spoken
from huisheng.privacy.kinds import Entity, Kind

BLANK_OF = {kind: blank(index) for index, kind in enumerate(Kind)}
_PROTECTED = blank(len(Kind))
_AFTER_LAST_MASK = re.compile(rf"[^{MASKED}]*\Z")
_CLAIMED = re.compile(rf"[{MASKED.removeprefix('*')}]")

# The only mask with spaces in it: without this its ends would look free.
_MASKED_CARD = re.compile(r"[0-9]{4} \*{4} \*{4} [0-9]{4}")

# A label with a long number in it is a host with a phone glued on.
_LABEL = "(?![A-Za-z0-9-]*[0-9]{6})[A-Za-z0-9-]{1,63}"
EMAIL_HOST = (
    rf"(?:{_LABEL}[.。点]){{1,4}}(?!(?:png|jpe?g|gif|webp|svg|css|js)\b)"
    r"[A-Za-z]{2,24}(?![A-Za-z@])"
)
"""What follows the @ of an e-mail address; letters in either case."""


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found.group())


class View:
    """A folded text that detectors read in turn; each claim hides its stretch from the next.

    Args:
        original: the text as written; offsets never change.
        own_values: the shop's own numbers and addresses, which are found and left as they are.
    """

    __slots__ = ("_own_values", "original", "plain")

    def __init__(self, original: str, own_values: frozenset[str]) -> None:
        self.original = original
        self.plain = _MASKED_CARD.sub(_stars, fold(original))
        self._own_values = own_values

    @property
    def spoken(self) -> str:
        """The text with spoken and disguised digits as 0–9."""
        return fold_spoken(self.plain)

    def before(self, start: int, width: int = 14) -> str:
        """Return what stands before `start`, back to the last masked stretch."""
        found = _AFTER_LAST_MASK.search(self.plain, max(0, start - width), start)
        return found.group() if found else ""

    def protect(self, start: int, end: int) -> None:
        """Hide a stretch from every detector."""
        self._hide(start, end, _PROTECTED)

    def claim(self, entity: Entity) -> bool:
        """Hide an entity's stretch; False if it touches an earlier claim or is the shop's own."""
        if _CLAIMED.search(self.plain, entity.start, entity.end):
            return False
        self._hide(entity.start, entity.end, BLANK_OF[entity.kind])
        return entity.value not in self._own_values

    def _hide(self, start: int, end: int, mark: str) -> None:
        self.plain = f"{self.plain[:start]}{mark * (end - start)}{self.plain[end:]}"


Finder = Callable[[View], Iterator[Entity]]
