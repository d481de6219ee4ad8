"""The words of lists: reads `vocabulary.yaml`, in which platforms' words meet ours."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import yaml

from huisheng.errors import DefinitionError
from huisheng.intake.shipped import Loader, shipped_text

_OPEN = "~open"
PLATFORM_COLUMN = "platform"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one column.

    Attributes:
        synonyms: a platform's word, folded → ours.
        known: our words; empty where any word is usual.
    """

    synonyms: Mapping[str, str]
    known: frozenset[str]

    def ours(self, word: str) -> str:
        """Return our word for a platform's word, or the word itself where we have none."""
        return word if word in self.known else self.synonyms.get(folded(word), word)


NO_WORDS = Words(MappingProxyType({}), frozenset())


def words_of(table: str, column: str) -> Words:
    """Return the words of a column; the platform column is the same on every table."""
    if column == PLATFORM_COLUMN:
        return _vocabulary()["shops", PLATFORM_COLUMN]
    return _vocabulary().get((table, column), NO_WORDS)


def folded(word: str) -> str:
    """Return a word as the vocabulary compares it: half-width, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


@cache
def _vocabulary() -> Mapping[tuple[str, str], Words]:
    content = yaml.load(shipped_text("vocabulary.yaml"), Loader)
    return {
        (table, column): _words(f"{table}.{column}", entries)
        for table, columns in content.items()
        for column, entries in columns.items()
    }


def _words(where: str, entries: Mapping[str, list[str]]) -> Words:
    synonyms: dict[str, str] = {}
    for ours, theirs in entries.items():
        for word in theirs:
            if synonyms.setdefault(folded(str(word)), ours) != ours:
                raise DefinitionError("vocabulary.yaml", f"{where}: {word} has two meanings")
    known = frozenset() if _OPEN in entries else frozenset(entries)
    return Words(MappingProxyType(synonyms), known)
