"""Heads over whole texts with a weight for every bucket: n-grams, and where they stand.

N-grams are counted wherever they stand, short ones again when they stand near either end of the
text: a review's verdict does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.encoding import GRAM_LENGTHS, NO_SLOT, SLOT_BITS, Buffer, Grams, gram_counts
from huisheng.language.heads import Floats
from huisheng.language.scan import Seen
from huisheng.language.spelling import BOUNDARY

PLACED_LENGTHS = 2
"""N-grams up to this length are counted again near the ends."""
NEAR_START, NEAR_END = 10, 12
"""Letters that count as near."""
_AT_START = (np.uint64(0xD6E8FEB86659FD93), np.uint64(0x1234567891BCDEF))
_AT_END = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0x123456789ABCDEF))


def wide_grams(buffer: Buffer, plain: Sequence[Grams]) -> Iterator[Grams]:
    """Yield `plain`, then the placed n-grams; positions ascend in each."""
    yield from plain
    near_end = buffer.room <= NEAR_END
    near_start = buffer.lengths[buffer.owner] - buffer.room < NEAR_START
    for some in plain[:PLACED_LENGTHS]:
        yield _marked(some, near_end[some.position], _AT_END)
        yield _marked(some, near_start[some.position], _AT_START)


def _marked(some: Grams, chosen: NDArray[np.bool_], salt: tuple[np.uint64, np.uint64]) -> Grams:
    kept = np.flatnonzero(chosen)
    return Grams(some.length, some.hashes[kept] * salt[0] ^ salt[1], some.position[kept])


@dataclass(frozen=True, slots=True)
class WideHead:
    """One output, every bucket has a weight.

    Attributes:
        table: int8[2^bits].
        step: what one unit of weight is worth.
        bias: float.
    """

    table: NDArray[np.int8]
    step: float
    bias: float

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> "WideHead":
        """Read the head that `to_arrays` wrote under `name`."""
        step, bias = arrays[f"{name}.numbers"].astype(np.float64).tolist()
        return cls(arrays[f"{name}.table"].astype(np.int8, copy=False), step, bias)

    def to_arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Yield the arrays to store."""
        yield f"{name}.table", self.table
        yield f"{name}.numbers", np.array([self.step, self.bias])


@dataclass(frozen=True, slots=True)
class WidePair:
    """Two heads whose weights share one number, so that one look-up and one sum serve both.

    Attributes:
        packed: int32[2^21 + 1] the first head's weight plus 2^22 times the second's; the last
            entry is that of what is no n-gram.
        steps: float32[2].
        biases: float32[2].
    """

    packed: NDArray[np.int32]
    steps: Floats
    biases: Floats

    @classmethod
    def of(cls, first: WideHead, second: WideHead) -> "WidePair":
        """Join two heads with tables of 2^21 entries."""
        packed = np.zeros(NO_SLOT + 1, dtype=np.int32)
        packed[:-1] = second.table
        packed <<= _SECOND
        packed[:-1] += first.table
        heads = (first, second)
        steps = np.array([head.step for head in heads], dtype=np.float32)
        return cls(packed, steps, np.array([head.bias for head in heads], dtype=np.float32))

    def logits(self, seen: Seen) -> Floats:
        """Return float32[n, 2]: the scores of each text."""
        lengths, firsts = seen.buffer.lengths, seen.buffer.marks[:-1]
        weights = self.packed.take(seen.slots.ravel(), mode="clip")
        totals = _unpacked(np.add.reduceat(weights, firsts * GRAM_LENGTHS, dtype=np.int64))
        count = gram_counts(lengths)
        for placed in (self._at_end(seen, lengths), self._at_start(seen, lengths)):
            totals += placed
        letters = lengths.astype(np.int64)
        for near in (NEAR_END - 1, NEAR_START + 1):
            count += np.minimum(letters, near)
        for near in (NEAR_END - 1, NEAR_START + 2):
            count += np.minimum(letters + 1, near)
        norms = np.sqrt(np.maximum(count, 1)).astype(np.float32)
        return totals.astype(np.float32) * self.steps / norms[:, None] + self.biases

    def _at_end(self, seen: Seen, lengths: NDArray[np.int32]) -> NDArray[np.int64]:
        near = np.minimum(lengths + 1, NEAR_END - 1).astype(np.int64)
        return self._placed(seen, seen.buffer.marks[1:] - near, near, _AT_END)

    def _at_start(self, seen: Seen, lengths: NDArray[np.int32]) -> NDArray[np.int64]:
        near = np.minimum(lengths + 1, NEAR_START + 2).astype(np.int64)
        return self._placed(seen, seen.buffer.marks[:-1], near, _AT_START)

    def _placed(
        self,
        seen: Seen,
        first: NDArray[np.int64],
        near: NDArray[np.int64],
        salt: tuple[np.uint64, np.uint64],
    ) -> NDArray[np.int64]:
        """Return int64[n, 2]: summed weights of the short n-grams that begin at `near` places."""
        ends = np.cumsum(near)
        starts = ends - near
        position = np.repeat(first - starts, near) + np.arange(len(near) and ends[-1])
        total = np.zeros(len(position), dtype=np.int32)
        for length, hashes in enumerate(seen.hashes[:PLACED_LENGTHS], 1):
            salted = hashes[position] * salt[0] ^ salt[1]
            slots = (salted >> np.uint64(64 - SLOT_BITS)).view(np.int64)
            if length == 1:
                slots[seen.buffer.codes[position] == ord(BOUNDARY)] = NO_SLOT
            total += self.packed.take(slots, mode="clip")
        return _unpacked(np.add.reduceat(total, starts, dtype=np.int64))


_SECOND = 22
"""Bits below the second head's weight.

A few weights of at most 127 fit above them, and 4 · 127 · 4,001 below half of them.
"""


def _unpacked(sums: NDArray[np.int64]) -> NDArray[np.int64]:
    half = 1 << (_SECOND - 1)
    first = ((sums + half) & ((1 << _SECOND) - 1)) - half
    return np.stack([first, (sums - first) >> _SECOND], axis=1)
