"""Find the taxonomy's word patterns in a whole batch at once.

A pattern is a row of tokens separated by spaces. A token is a set of alternatives `a|b`, each a
literal or `@concept`; all tokens must occur, and none marked `!`. Literals are looked up by the
same n-gram hashes that feed the linear heads, so 3,000 literals cost no more than one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.errors import DefinitionError
from huisheng.language.encoding import Buffer, Grams, gram_hashes

_BLOOM_BITS = 20
_CLAUSE_ENDS = ",.!?;~ :"


@dataclass(frozen=True, slots=True)
class Hits:
    """Literals found: `literal` and `position` (in the buffer), equally long, int32."""

    literal: NDArray[np.int32]
    position: NDArray[np.int32]


class Literals:
    """All literals of all patterns, found by hash."""

    def __init__(self, literals: Iterable[str]) -> None:
        ordered = sorted(literals)
        found = gram_hashes(ordered)
        hashes = {text: value for text, (value, _) in zip(ordered, found, strict=True)}
        self._hashes = np.array(sorted(set(hashes.values())), dtype=np.uint64)
        place = {int(value): index for index, value in enumerate(self._hashes)}
        self.index = {text: place[value] for text, value in hashes.items()}
        self.size = len(self._hashes)
        self.longest = max((length for _, length in found), default=1)
        self._maybe = np.zeros(1 << _BLOOM_BITS, dtype=bool)
        self._maybe[self._hashes >> np.uint64(64 - _BLOOM_BITS)] = True

    def find(self, grams: Iterable[Grams]) -> Hits:
        """Return every occurrence of every literal among the n-grams."""
        found = [self._of_one_length(some) for some in grams]
        return Hits(
            np.concatenate([literal for literal, _ in found]),
            np.concatenate([position for _, position in found]),
        )

    def _of_one_length(self, some: Grams) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        suspects = (some.hashes >> np.uint64(64 - _BLOOM_BITS)).view(np.int64)
        candidates = np.flatnonzero(self._maybe[suspects])
        hashes = some.hashes[candidates]
        place = np.searchsorted(self._hashes, hashes)
        place[place == len(self._hashes)] = 0
        same = self._hashes[place] == hashes
        return place[same].astype(np.int32), some.position[candidates[same]]


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
            [self._pattern(name, text) for text in texts] for name, texts in columns.items()
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
        self._first = (np.cumsum(counts) - counts).astype(np.int32)
        self._flat = flat

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
        total = int(ends[-1]) if len(ends) else 0
        offset = np.arange(total) - np.repeat(ends - counts, counts)
        token = self._flat[np.repeat(self._first[hits.literal], counts) + offset]
        unit = np.repeat(units[hits.position], counts)
        present = np.zeros((self._tokens, size), dtype=bool)
        present[token, unit] = True
        return present


def _matches(present: NDArray[np.bool_], pattern: _Pattern) -> NDArray[np.bool_]:
    match: NDArray[np.bool_] = present[pattern.required[0]].copy()
    for token in pattern.required[1:]:
        match &= present[token]
    for token in pattern.forbidden:
        match &= ~present[token]
    return match


_IS_CLAUSE_END = np.zeros(0x80, dtype=bool)
_IS_CLAUSE_END[[ord(letter) for letter in _CLAUSE_ENDS]] = True


@dataclass(frozen=True, slots=True)
class Clauses:
    """Stretches between punctuation: unit of each position, text of each clause."""

    unit: NDArray[np.int32]
    owner: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of clauses."""
        return len(self.owner)


def split_clauses(buffer: Buffer) -> Clauses:
    """Cut a buffer at punctuation and text boundaries."""
    codes = buffer.codes[: len(buffer.owner)]
    ends = _IS_CLAUSE_END[np.minimum(codes, 0x7F)] | (codes == 2)
    unit = (np.cumsum(ends) - 1).astype(np.int32)
    return Clauses(unit, buffer.owner[ends])
