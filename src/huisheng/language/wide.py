"""Heads over whole texts with a weight for every bucket: n-grams, and where they stand.

N-grams are counted wherever they stand, short ones again when they stand near either end of the
text: a review's verdict does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.encoding import Buffer, Grams
from huisheng.language.heads import Floats, buckets
from huisheng.language.scan import Scan

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
    """Two heads whose tables lie side by side, so that one look-up serves both.

    Attributes:
        packed: int16[2^bits], a byte of each head.
        steps: float32[2].
        biases: float32[2].
    """

    packed: NDArray[np.int16]
    steps: Floats
    biases: Floats

    @classmethod
    def of(cls, first: WideHead, second: WideHead) -> "WidePair":
        """Join two heads with tables of one size."""
        packed = np.stack([first.table, second.table], axis=1).view(np.int16)[:, 0]
        heads = (first, second)
        steps = np.array([head.step for head in heads], dtype=np.float32)
        return cls(packed, steps, np.array([head.bias for head in heads], dtype=np.float32))

    def logits(self, scan: Scan) -> Floats:
        """Return float32[n, 2]: the scores of each text."""
        buffer = scan.buffer
        bits = int(self.packed.size).bit_length() - 1
        edges = np.diff(buffer.owner, prepend=-1, append=buffer.size)
        firsts = np.flatnonzero(edges).astype(np.int32)
        totals = np.zeros((buffer.size, 2), dtype=np.int32)
        counts = np.zeros(buffer.size, dtype=np.int64)
        for some in wide_grams(buffer, scan.grams):
            ends = np.searchsorted(some.position, firsts)
            counts += np.diff(ends)
            found = self.packed[buckets(some, bits)].view(np.int8).reshape(-1, 2)
            for column in range(2):
                sums = np.zeros(len(found) + 1, dtype=np.int32)
                np.cumsum(found[:, column], out=sums[1:])
                totals[:, column] += np.diff(sums[ends])
        norms = np.sqrt(np.maximum(counts, 1)).astype(np.float32)
        return totals.astype(np.float32) * self.steps / norms[:, None] + self.biases
