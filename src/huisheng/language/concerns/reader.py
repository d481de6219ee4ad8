"""Recognise a merchant's concerns in texts."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huisheng.language.concerns.book import Book
from huisheng.language.cues import Cues, split_clauses
from huisheng.language.encoding import (
    GRAM_LENGTHS,
    Buffer,
    encode_distinct,
    hash_table,
    slot_table,
)
from huisheng.language.literals import Literals
from huisheng.language.scan import RowTable
from huisheng.language.spelling import raw_pattern, text_array
from huisheng.language.taxonomy import Taxonomy

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


class ConcernReader:
    """Recognises the live concerns of a book in texts.

    Args:
        book: which concerns.
        words: the taxonomy whose `@concepts` patterns may use.

    Raises:
        DefinitionError: a pattern cannot be read.
    """

    def __init__(self, book: Book, words: Taxonomy) -> None:
        self.book = book
        spoken = {id_: one.words for id_, one in book.defined.items() if one.words}
        cues = Cues(spoken, words.concepts)
        self._literals = Literals(cues.literals)
        self._table = RowTable([], self._literals.buckets)
        self._cues = cues.bind(self._literals)
        self._row = {id_: row for row, id_ in enumerate(cues.names)}
        self._spoken = cues.literals

    @property
    def raw_pattern(self) -> str:
        """Return a regular expression (RE2) that every text with a live concern fits, as written.

        It lets an engine pass over the many texts in which no word of any concern occurs.
        """
        return "|".join(sorted(raw_pattern(word.strip("^$")) for word in self._spoken))

    def read(self, texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> tuple[Places, Places]:
        """Return (text, place in `book.live`) of every concern found, both int64[k], in order."""
        letters, copies = encode_distinct(text_array(texts))
        found = [self._found(batch) for batch in letters.batches()]
        none = np.zeros((len(self.book.live), 0), dtype=bool)
        grid = np.concatenate([none, *found], axis=1)[:, copies]
        item, place = np.nonzero(grid.T)
        return item.astype(np.int64), place.astype(np.int64)

    def _found(self, letters: Buffer) -> Flags:
        """Return bool[live, n]."""
        said = self._said(letters)
        known: dict[str, Flags] = {}
        rows = [self._matches(id_, said, known) for id_ in self.book.live]
        return np.stack(rows) if rows else np.zeros((0, letters.size), dtype=bool)

    def _said(self, letters: Buffer) -> Flags:
        """Return bool[columns, n]: texts with a clause that fits each concern's own words."""
        hashes = hash_table(letters, GRAM_LENGTHS)
        places, _ = self._table.look_up(slot_table(hashes, letters))
        clauses = split_clauses(letters)
        hits = self._literals.find(letters, hashes, places)
        column, clause = np.nonzero(self._cues.columns(hits, clauses.unit, clauses.size))
        said = np.zeros((len(self._row), letters.size), dtype=bool)
        said[column, clauses.owner[clause]] = True
        return said

    def _matches(self, id_: str, said: Flags, known: dict[str, Flags]) -> Flags:
        """Return bool[n]: the texts that are about a concern, live or not."""
        if id_ not in known:
            known[id_] = self._decide(id_, said, known)
        return known[id_]

    def _decide(self, id_: str, said: Flags, known: dict[str, Flags]) -> Flags:
        nothing = np.zeros(said.shape[1], dtype=bool)
        own = said[self._row[id_]] if id_ in self._row else nothing
        whole = self.book.whole_of.get(id_)
        if whole is None:
            made_of = [self._matches(one, said, known) for one in self.book.merged.get(id_, ())]
            return _any(own, made_of)
        parts = self.book.parts[whole]
        earlier = [said[self._row[one]] for one in parts[: parts.index(id_)]]
        left = self._matches(whole, said, known) & ~_any(nothing, earlier)
        return left & own if id_ in self._row else left


def _any(first: Flags, others: Sequence[Flags]) -> Flags:
    result = first.copy()
    for other in others:
        result |= other
    return result
