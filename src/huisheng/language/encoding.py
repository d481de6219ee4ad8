"""Turn texts into one normalised buffer of code points and its n-grams, without a loop over texts.

The buffer reads `⊥ text0 ⊥ text1 ⊥ …`: one boundary mark before, between and after the texts. An
n-gram may touch the mark at either end of its own text, so «starts with» and «ends with» are
ordinary n-grams, and no n-gram ever sees a neighbour's letters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huisheng.language.spelling import BOUNDARY, spell, text_array

Hashes = NDArray[np.uint64]
Slots = NDArray[np.int64]
GRAM_LENGTHS = 4
"""The linear heads read n-grams up to this length; literals may be longer."""
SLOT_BITS = 21
"""Top bits of a hash that look-up tables may use."""
NO_SLOT = 1 << SLOT_BITS
"""Slot of what is no n-gram of a text: one past the last entry of every table."""

_TEXTS_SPELLED = 8_192
_BATCH_TEXTS = 8_192
_BATCH_LETTERS = 60_000
_LETTER_BYTES = 4
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_WORD = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Buffer:
    """Normalised texts.

    Attributes:
        codes: uint32[m + 1] code points with boundary marks.
        marks: int64[n + 1] where the marks stand; text i lies between marks i and i + 1.
    """

    codes: NDArray[np.uint32]
    marks: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of texts."""
        return len(self.marks) - 1

    @property
    def lengths(self) -> NDArray[np.int32]:
        """int32[n]: letters per text after normalisation."""
        return (np.diff(self.marks) - 1).astype(np.int32)

    @property
    def owner(self) -> NDArray[np.int32]:
        """int32[m]: index of the text a position belongs to (its leading mark included)."""
        return np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.marks))

    @property
    def room(self) -> NDArray[np.int32]:
        """int32[m]: letters from a position to its text's closing mark, both included."""
        closing = np.repeat(self.marks[1:], np.diff(self.marks))
        return (closing - np.arange(len(closing)) + 1).astype(np.int32)

    def cut(self, first: int, last: int) -> "Buffer":
        """Return texts `first` to `last`, the last one excluded."""
        start, stop = self.marks[first], self.marks[last]
        return Buffer(self.codes[start : stop + 1], self.marks[first : last + 1] - start)

    def batches(self) -> Iterator["Buffer"]:
        """Cut into batches of bounded letters; a batch holds at least one text."""
        first = 0
        while first < self.size:
            budget = int(self.marks[first]) + _BATCH_LETTERS
            last = int(np.searchsorted(self.marks, budget, side="right")) - 1
            last = min(max(last, first + 1), first + _BATCH_TEXTS)
            yield self.cut(first, last)
            first = last


@dataclass(frozen=True, slots=True)
class Grams:
    """All n-grams of one length: `hashes` uint64[k], where they start: `position` int32[k]."""

    length: int
    hashes: Hashes
    position: NDArray[np.int32]


def encode(texts: Sequence[str]) -> Buffer:
    """Normalise a batch: width, case, digits, invisible letters, long repetitions.

    Never fails on any `str`.
    """
    return _buffer(spell(text_array(texts)))


def _buffer(codes: NDArray[np.uint32]) -> Buffer:
    return Buffer(codes, np.flatnonzero(codes == ord(BOUNDARY)))


def encode_distinct(texts: pa.Array) -> tuple[Buffer, NDArray[np.int64]]:
    """Normalise n texts and keep one of those that then read alike.

    Returns:
        The distinct normalised texts in order of first appearance, and int64[n] which of them each
        text is.
    """
    spelled = [
        _spelled(texts.slice(first, _TEXTS_SPELLED))
        for first in range(0, len(texts), _TEXTS_SPELLED)
    ]
    coded = pa.chunked_array(spelled, pa.large_binary()).combine_chunks().dictionary_encode()
    distinct = coded.dictionary
    _, offsets, letters = distinct.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[: len(distinct) + 1] if offsets else [0]
    marks = np.asarray(bounds, dtype=np.int64) // _LETTER_BYTES
    codes = np.full(marks[-1] + 1, ord(BOUNDARY), dtype=np.uint32)
    codes[:-1] = np.frombuffer(letters or b"", dtype=np.uint32)[: marks[-1]]
    return Buffer(codes, marks), coded.indices.to_numpy().astype(np.int64)


def _spelled(texts: pa.Array) -> pa.Array:
    """Return the code points of each text, its leading mark included, as bytes."""
    buffer = _buffer(spell(texts))
    offsets, letters = buffer.marks * _LETTER_BYTES, buffer.codes
    parts = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.large_binary(), buffer.size, parts)


def hash_table(buffer: Buffer, longest: int) -> Hashes:
    """Return uint64[longest, m]: hashes of the n-grams of length 1, 2, … at every position.

    The hash of an n-gram is a polynomial over its code points modulo 2^64, so each length is one
    multiply-add over the previous one. N-grams that reach beyond their text are hashed too.
    """
    size = len(buffer.codes) - 1
    letters = np.zeros(size + longest, dtype=np.uint64)
    letters[: size + 1] = buffer.codes
    letters *= _MIX
    table = np.empty((longest, size), dtype=np.uint64)
    rolling = np.zeros(size, dtype=np.uint64)
    for length, hashes in enumerate(table, 1):
        rolling *= _MULTIPLIER
        rolling += letters[length - 1 : length - 1 + size]
        np.add(rolling, _offset(length), out=hashes)
    return table


def _offset(length: int) -> np.uint64:
    return np.uint64(length * int(_MIX) & _WORD)


def lengthened(hashes: Hashes, length: int, letters: NDArray[np.uint32]) -> Hashes:
    """Return the hashes of n-grams one letter longer than `length`."""
    longer: Hashes = (hashes - _offset(length)) * _MULTIPLIER
    return longer + letters.astype(np.uint64) * _MIX + _offset(length + 1)


def slot_table(hashes: Hashes, buffer: Buffer) -> Slots:
    """Return int64[m, 4]: where each n-gram's entry is in a table of `SLOT_BITS`.

    A single boundary mark, and what reaches beyond its text, is no n-gram: `NO_SLOT`.
    """
    slots = np.empty(hashes.shape[::-1], dtype=np.int64)
    for length, column in enumerate(slots.T):
        column[:] = (hashes[length] >> np.uint64(64 - SLOT_BITS)).view(np.int64)
    first, last = buffer.marks[:-1], buffer.marks[1:] - 1
    slots[first, 0] = NO_SLOT
    slots[last, 2:] = NO_SLOT
    slots[last[last > first] - 1, 3] = NO_SLOT
    return slots


def gram_counts(lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return int64[n]: how many n-grams a text of so many letters has.

    A text of L letters stands between two marks, so it has L + 3 − k n-grams of length k > 1.
    """
    letters = lengths.astype(np.int64)
    longer = [np.maximum(letters + 3 - length, 0) for length in range(2, GRAM_LENGTHS + 1)]
    counts: NDArray[np.int64] = letters + np.sum(longer, axis=0)
    return counts


def grams(buffer: Buffer, longest: int) -> Iterator[Grams]:
    """Yield the n-grams of length 1, 2, … `longest`; a single boundary mark is none."""
    room = buffer.room
    for length, hashes in enumerate(hash_table(buffer, longest), 1):
        valid = room >= length
        if length == 1:
            valid &= buffer.codes[:-1] != ord(BOUNDARY)
        position = np.flatnonzero(valid).astype(np.int32)
        yield Grams(length, hashes[position], position)


def gram_hashes(literals: Sequence[str]) -> list[tuple[int, int]]:
    """Return (hash, length) of each literal as `grams` would give them.

    `^` at the start and `$` at the end of a literal stand for the text's ends.
    """
    return [(gram_hash(letters), len(letters)) for letters in literal_letters(literals)]


def literal_letters(literals: Sequence[str]) -> list[list[int]]:
    """Return the code points of each literal, with the marks that `^` and `$` stand for."""
    buffer = encode([text.removeprefix("^").removesuffix("$") for text in literals])
    letters = buffer.codes.tolist()
    ends = zip(literals, buffer.marks[:-1].tolist(), buffer.marks[1:].tolist(), strict=True)
    return [
        letters[first + (not text.startswith("^")) : last + text.endswith("$")]
        for text, first, last in ends
    ]


def gram_hash(letters: Sequence[int]) -> int:
    """Return the hash of one n-gram."""
    value = 0
    for letter in letters:
        value = (value * int(_MULTIPLIER) + letter) & _WORD
    return ((value + len(letters)) * int(_MIX)) & _WORD


def normalise(text: str) -> str:
    """Normalise one text exactly as `encode` does."""
    codes = encode([text]).codes[1:-1]
    return codes.astype("<u4").tobytes().decode("utf-32-le")
