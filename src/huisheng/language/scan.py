"""The one pass over a batch that every head shares: n-grams, text cues, clause cues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.cues import Clauses, Cues, split_clauses
from huisheng.language.encoding import (
    GRAM_LENGTHS,
    SLOT_BITS,
    Buffer,
    Grams,
    Hashes,
    Slots,
    encode,
    grams,
    hash_table,
    slot_table,
)
from huisheng.language.literals import Hits, Literals
from huisheng.language.taxonomy import Taxonomy

Flags = NDArray[np.bool_]
Rows = NDArray[np.uint16]
_CELL = 4
"""Numbers of 16 bits behind one look-up: the literal's place, and the rows of up to three heads."""

EVEN = "@even"
"""Clause cue of what neither praises nor blames: 一般般, 希望好用, 不知道是不是正品."""


@dataclass(frozen=True, slots=True)
class KnownGrams:
    """The n-grams of a batch that one head knows, in the order in which they begin.

    Attributes:
        row: int32[k] row of the head's weights.
        at: int64[k] where each begins, times four, plus its length less one.
        letters: number of positions of the batch.
    """

    row: NDArray[np.int32]
    at: NDArray[np.int64]
    letters: int

    def ends(self, firsts: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return int32[u + 1]: the bounds, among these, of units that begin at `firsts`."""
        bounds = np.append(firsts, self.letters) * GRAM_LENGTHS
        return np.searchsorted(self.at, bounds).astype(np.int32)


class RowTable:
    """The rows of up to three heads and the places of all literals, behind one look-up.

    Args:
        heads: uint16[2^bits] row of each bucket, by head.
        literals: uint16[2^bits] place of each bucket.
    """

    def __init__(self, heads: Sequence[Rows], literals: Rows) -> None:
        cells = np.zeros((len(literals) + 1, _CELL), dtype=np.uint16)
        for column, rows in enumerate((literals, *heads)):
            cells[:-1, column] = rows
        self._cells = cells.view(np.int64)[:, 0]
        self._heads = len(heads)
        self._shift = SLOT_BITS + 1 - len(literals).bit_length()

    def look_up(self, slots: Slots) -> tuple[Rows, tuple[KnownGrams, ...]]:
        """Return the literal places uint16[m, 4], and what each head knows."""
        cells = self._cells.take(slots >> self._shift, mode="clip")
        columns = cells.view(np.uint16).reshape(-1, _CELL).T
        known = tuple(_known(row, len(slots)) for row in columns[1 : 1 + self._heads])
        return columns[0].reshape(slots.shape), known


def _known(row: Rows, letters: int) -> KnownGrams:
    at = np.flatnonzero(row != 0)
    return KnownGrams(row[at].astype(np.int32), at, letters)


@dataclass(frozen=True, slots=True)
class Seen:
    """What every reader of a batch needs.

    Attributes:
        buffer: the normalised batch of n texts.
        hashes: uint64[4, m] of its n-grams.
        slots: int64[m, 4] their places in tables.
        known: what each head knows of them.
        hits: literals found.
    """

    buffer: Buffer
    hashes: Hashes
    slots: Slots
    known: tuple[KnownGrams, ...]
    hits: Hits


@dataclass(frozen=True, slots=True)
class Scan:
    """What was seen in a batch of n texts with m clauses.

    Attributes:
        seen: n-grams and literals.
        clauses: where clauses begin, and whose they are.
        text_cues: bool[c1, n] concepts, scene patterns, emotion patterns.
        clause_cues: bool[c2, m] aspect patterns by polarity.
        risk_suspects: bool[r, n] texts that hold a trigger word of each risk.
    """

    seen: Seen
    clauses: Clauses
    text_cues: Flags
    clause_cues: Flags
    risk_suspects: Flags

    @property
    def buffer(self) -> Buffer:
        """The normalised batch."""
        return self.seen.buffer

    @property
    def grams(self) -> tuple[Grams, ...]:
        """N-grams of length 1 to 4."""
        return tuple(grams(self.buffer, GRAM_LENGTHS))


class Scanner:
    """Compiles a taxonomy's patterns once and scans batches.

    Args:
        taxonomy: where the patterns come from.
        heads: rows by bucket of heads whose n-grams are wanted too.
    """

    def __init__(self, taxonomy: Taxonomy, heads: Sequence[Rows] = ()) -> None:
        text = Cues(_text_columns(taxonomy), taxonomy.concepts)
        clause = Cues(_clause_columns(taxonomy), taxonomy.concepts)
        risks = Cues({risk.id: ["|".join(risk.triggers)] for risk in taxonomy.risks.values()}, {})
        self._literals = Literals(text.literals | clause.literals | risks.literals)
        self._table = RowTable(heads, self._literals.buckets)
        self._text = text.bind(self._literals)
        self._clause = clause.bind(self._literals)
        self._risks = risks.bind(self._literals)
        self.text_names = text.names
        self.clause_names = clause.names

    def see(self, buffer: Buffer) -> Seen:
        """Look up all n-grams of a batch; each text's are independent of its neighbours."""
        hashes = hash_table(buffer, GRAM_LENGTHS)
        slots = slot_table(hashes, buffer)
        places, known = self._table.look_up(slots)
        return Seen(buffer, hashes, slots, known, self._literals.find(buffer, hashes, places))

    def text_cues(self, seen: Seen) -> Flags:
        """Return bool[c1, n]: concepts, scene patterns, emotion patterns."""
        return self._text.columns(seen.hits, seen.buffer.owner, seen.buffer.size)

    def scan(self, texts: Sequence[str] | Buffer) -> Scan:
        """Scan a batch; each text's result is independent of its neighbours."""
        seen = self.see(texts if isinstance(texts, Buffer) else encode(texts))
        buffer, clauses = seen.buffer, split_clauses(seen.buffer)
        return Scan(
            seen=seen,
            clauses=clauses,
            text_cues=self.text_cues(seen),
            clause_cues=self._clause.columns(seen.hits, clauses.unit, clauses.size),
            risk_suspects=self._risks.columns(seen.hits, buffer.owner, buffer.size),
        )


def _text_columns(taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    columns: dict[str, Sequence[str]] = {f"@{name}": [f"@{name}"] for name in taxonomy.concepts}
    columns.update({scene.id: scene.patterns for scene in taxonomy.scenes.values()})
    columns.update({emotion.id: emotion.patterns for emotion in taxonomy.emotions.values()})
    return columns


def _clause_columns(taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    columns: dict[str, Sequence[str]] = {}
    for aspect in taxonomy.aspects.values():
        columns[f"{aspect.id}-"] = aspect.negative
        columns[f"{aspect.id}+"] = aspect.positive
        columns[f"{aspect.id}="] = aspect.topic
    columns[EVEN] = [EVEN]
    return columns
