"""Find the taxonomy's word patterns in a whole batch at once.

A pattern is a row of tokens separated by spaces. A token is a set of alternatives `a|b`, each a
literal or `@concept`; all tokens must occur, and none marked `!`. Literals are looked up by the
same n-gram hashes that feed the linear heads, so 3,000 literals cost no more than one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from huisheng.errors import DefinitionError
from huisheng.language.encoding import Buffer, literal_letters
from huisheng.language.literals import Hits, Literals
from huisheng.language.spelling import BOUNDARY

_CLAUSE_ENDS = ",.!?;~ :"


@dataclass(frozen=True, slots=True)
class _Pattern:
    required: tuple[int, ...]
    forbidden: tuple[int, ...]


class Cues:
    """Named columns, each the OR of its patterns.

    Args:
        columns: pattern texts by column name; the order of columns is kept.
        concepts: alternatives by concept name.
    """

    def __init__(self, columns: Mapping[str, Sequence[str]], concepts: Mapping[str, str]) -> None:
        self.names = tuple(columns)
        self._concepts = concepts
        self._tokens: dict[frozenset[str], int] = {}
        self._columns = [
            [self._pattern(name, text) for text in _joined(texts)]
            for name, texts in columns.items()
        ]
        self.literals = frozenset(text for token in self._tokens for text in token)

    def _pattern(self, column: str, text: str) -> _Pattern:
        required: list[int] = []
        forbidden: list[int] = []
        for token in text.split():
            target = forbidden if token.startswith("!") else required
            target.append(self._token(column, token.removeprefix("!")))
        if not required:
            raise DefinitionError(f"taxonomy 的 {column}", f"「{text}」没有必含的词")
        return _Pattern(tuple(required), tuple(forbidden))

    def _token(self, column: str, token: str) -> int:
        words: set[str] = set()
        for part in token.split("|"):
            if part.startswith("@"):
                if part[1:] not in self._concepts:
                    raise DefinitionError(f"taxonomy 的 {column}", f"没有概念「{part}」")
                words.update(self._concepts[part[1:]].split("|"))
            elif part:
                words.add(part)
        return self._tokens.setdefault(frozenset(words), len(self._tokens))

    def bind(self, literals: Literals) -> "BoundCues":
        """Attach the columns to a table of literals that holds all of theirs."""
        owners: list[set[int]] = [set() for _ in range(literals.size)]
        for words, token in self._tokens.items():
            for word in words:
                owners[literals.index[word]].add(token)
        counts = np.array([len(tokens) for tokens in owners], dtype=np.int32)
        flat = np.array([token for tokens in owners for token in sorted(tokens)], dtype=np.int32)
        return BoundCues(self.names, self._columns, len(self._tokens), counts, flat)


def _joined(texts: Sequence[str]) -> list[str]:
    """Join patterns of a single token into one: any of its alternatives will do."""
    single = [text.strip() for text in texts if len(text.split()) == 1 and "!" not in text]
    others = [text for text in texts if text.strip() not in single]
    return [*(["|".join(single)] if single else []), *others]


class BoundCues:
    """Columns ready to be read off the hits of a batch."""

    def __init__(
        self,
        names: tuple[str, ...],
        columns: Sequence[Sequence[_Pattern]],
        tokens: int,
        counts: NDArray[np.int32],
        flat: NDArray[np.int32],
    ) -> None:
        self.names = names
        self._columns = columns
        self._tokens = tokens
        self._counts = counts
        self._first = np.cumsum(counts) - counts
        self._flat = flat.astype(np.int64)

    def columns(self, hits: Hits, units: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
        """Return bool[column, unit]; `units` maps a buffer position to its unit < `size`."""
        present = self._presence(hits, units, size)
        result = np.zeros((len(self._columns), size), dtype=bool)
        for row, patterns in zip(result, self._columns, strict=True):
            for pattern in patterns:
                row |= _matches(present, pattern)
        return result

    def _presence(self, hits: Hits, units: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
        counts = self._counts[hits.literal]
        ends = np.cumsum(counts)
        shift = self._first[hits.literal] - (ends - counts)
        token = self._flat[np.repeat(shift, counts) + np.arange(ends[-1] if len(ends) else 0)]
        present = np.zeros(self._tokens * size, dtype=bool)
        present[token * size + np.repeat(units[hits.position], counts)] = True
        return present.reshape(self._tokens, size)


def _matches(present: NDArray[np.bool_], pattern: _Pattern) -> NDArray[np.bool_]:
    match: NDArray[np.bool_] = present[pattern.required[0]]
    for token in pattern.required[1:]:
        match = match & present[token]
    for token in pattern.forbidden:
        match = match > present[token]
    return match


_IS_CLAUSE_END = np.zeros(0x80, dtype=bool)
_IS_CLAUSE_END[[ord(letter) for letter in _CLAUSE_ENDS + BOUNDARY]] = True


@dataclass(frozen=True, slots=True)
class Clauses:
    """Stretches between punctuation.

    Attributes:
        unit: int32[m] clause of each position of the buffer.
        owner: int32[c] text of each clause.
    """

    unit: NDArray[np.int32]
    owner: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of clauses."""
        return len(self.owner)

    @property
    def first(self) -> NDArray[np.int64]:
        """int64[c]: position where each clause begins."""
        return np.flatnonzero(np.diff(self.unit, prepend=-1))


def split_clauses(buffer: Buffer) -> Clauses:
    """Cut a buffer at punctuation and text boundaries."""
    codes = buffer.codes[:-1]
    ends = _IS_CLAUSE_END[np.minimum(codes, 0x7F)]
    first = np.flatnonzero(ends)
    lengths = np.diff(first, append=len(codes))
    unit = np.repeat(np.arange(len(first), dtype=np.int32), lengths)
    starts = np.searchsorted(first, buffer.marks)
    owner = np.repeat(np.arange(buffer.size, dtype=np.int32), np.diff(starts))
    return Clauses(unit, owner)


def matched_words(
    pattern: str, concepts: Mapping[str, str], letters: str, first: int, last: int
) -> list[str]:
    """Return one word of each token of a pattern, as normalised, if all of it holds.

    Args:
        pattern: tokens that must all occur, and none marked `!`.
        concepts: alternatives by concept.
        letters: the normalised text between its marks.
        first: where words may begin at the earliest.
        last: where they may not begin any more.
    """
    found = []
    for token in pattern.split():
        word = _first_word(token.removeprefix("!"), concepts, letters, first, last)
        if (word is None) != token.startswith("!"):
            return []
        if word is not None:
            found.append(word)
    return found


def _first_word(
    token: str, concepts: Mapping[str, str], letters: str, first: int, last: int
) -> str | None:
    parts = token.split("|")
    words = [
        word
        for part in parts
        for word in (concepts[part[1:]].split("|") if part.startswith("@") else [part])
        if word
    ]
    for word in map(_letters, words):
        place = letters.find(word, first)
        if 0 <= place < last:
            return word.strip(BOUNDARY)
    return None


@cache
def _letters(word: str) -> str:
    """Return a literal as it stands in a normalised text."""
    return "".join(map(chr, literal_letters([word])[0]))
