"""Linear heads over hashed n-grams and cues, with whole-number weights.

Weights are integers held in floating point: their sums are exact, so a text's score is the same to
the last bit whatever else is in its batch, and whatever order a library adds in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from huisheng.language.encoding import Grams
from huisheng.language.scan import Scan

Floats = NDArray[np.float32]
CUE_STEP = np.float32(1 / 64)
"""Cue weights and biases are multiples of this."""


def buckets(some: Grams, bits: int) -> NDArray[np.int64]:
    """Return the bucket of each n-gram: the top bits of its hash."""
    return (some.hashes >> np.uint64(64 - bits)).astype(np.int64)


def text_norms(scan: Scan) -> Floats:
    """Return float32[n]: the square root of each text's number of n-grams, at least 1."""
    return _norms(scan, scan.buffer.owner, scan.buffer.size)


def clause_norms(scan: Scan) -> Floats:
    """Return float32[m]: the same for clauses."""
    return _norms(scan, scan.clauses.unit, scan.clauses.size)


def _norms(scan: Scan, units: NDArray[np.int32], size: int) -> Floats:
    total = np.zeros(size, dtype=np.int64)
    for some in scan.grams:
        total += np.bincount(units[some.position], minlength=size)
    return np.sqrt(np.maximum(total, 1)).astype(np.float32)


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

    def logits(self, scan: Scan, norms: Floats) -> Floats:
        """Return float32[n]: the score of each text."""
        owner = scan.buffer.owner
        sums = np.zeros(len(owner), dtype=np.int32)
        bits = int(self.table.size).bit_length() - 1
        for some in scan.grams:
            sums[some.position] += self.table[buckets(some, bits)]
        total = np.add.reduceat(sums, np.flatnonzero(np.diff(owner, prepend=-1)))
        return total.astype(np.float32) * np.float32(self.step) / norms + np.float32(self.bias)

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
class RowHead:
    """Many outputs over the n-grams that mattered in training.

    Attributes:
        rows: uint16[2^bits] row of a bucket, 0 for «unknown».
        weights: float32[r, k] whole numbers; row 0 is zero.
        steps: float32[k] what one unit of weight is worth.
        cues: float32[c, k] whole multiples of `CUE_STEP`, divided by it.
        biases: float32[k].
    """

    rows: NDArray[np.uint16]
    weights: Floats
    steps: Floats
    cues: Floats
    biases: Floats

    def logits(
        self,
        scan: Scan,
        units: NDArray[np.int32],
        norms: Floats,
        cues: NDArray[np.bool_],
    ) -> Floats:
        """Return float32[u, k].

        Args:
            scan: the batch.
            units: int32[m] unit (text or clause) of each buffer position.
            norms: float32[u] length norm of each unit.
            cues: bool[c, u] the cue columns of each unit.
        """
        shape = (len(norms), len(self.weights))
        sums = np.zeros((len(norms), self.weights.shape[1]), dtype=np.float32)
        bits = int(self.rows.size).bit_length() - 1
        for some in scan.grams:
            row = self.rows[buckets(some, bits)]
            known = np.flatnonzero(row)
            picked = _picked(row[known], units[some.position[known]], *shape)
            sums += picked @ self.weights
        grams = sums * self.steps / norms[:, None]
        hits = (cues.T.astype(np.float32) @ self.cues) * CUE_STEP
        return grams + hits + self.biases

    def aligned(self, trained: Sequence[str], present: Sequence[str]) -> "RowHead":
        """Return the head with its cue rows in the order of `present`; unknown cues weigh 0."""
        cues = np.zeros((len(present), self.cues.shape[1]), dtype=np.float32)
        place = {name: row for row, name in enumerate(trained)}
        for row, name in enumerate(present):
            if name in place:
                cues[row] = self.cues[place[name]]
        return replace(self, cues=cues)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> "RowHead":
        """Read the head that `to_arrays` wrote under `name`."""
        return cls(
            rows=arrays[f"{name}.rows"].astype(np.uint16, copy=False),
            weights=arrays[f"{name}.weights"].astype(np.float32),
            steps=arrays[f"{name}.steps"].astype(np.float32),
            cues=arrays[f"{name}.cues"].astype(np.float32),
            biases=arrays[f"{name}.biases"].astype(np.float32),
        )

    def to_arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Yield the arrays to store; weights fit one byte, cues two."""
        yield f"{name}.rows", self.rows
        yield f"{name}.weights", self.weights.astype(np.int8)
        yield f"{name}.steps", self.steps
        yield f"{name}.cues", self.cues.astype(np.int16)
        yield f"{name}.biases", self.biases


def _picked(
    row: NDArray[np.uint16], unit: NDArray[np.int32], size: int, known_rows: int
) -> sp.csr_array:
    """Rows to add up for each unit; `unit` ascends, so nothing needs sorting."""
    ends = np.cumsum(np.bincount(unit, minlength=size))
    starts = np.concatenate([[0], ends]).astype(np.int32)
    ones = np.ones(len(row), dtype=np.float32)
    return sp.csr_array((ones, row.astype(np.int32), starts), shape=(size, known_rows))


def quantise(weights: Floats) -> tuple[Floats, Floats]:
    """Round columns of float weights to −127…127; return (whole numbers, step per column)."""
    largest = np.abs(weights).max(axis=0)
    steps = np.maximum(largest, 1e-9).astype(np.float32) / np.float32(127)
    return np.rint(weights / steps).astype(np.float32), steps


def sigmoid(logits: Floats) -> Floats:
    """Logistic function, float32."""
    clipped = np.clip(logits, -30, 30)
    return (1 / (1 + np.exp(-clipped))).astype(np.float32)


def softmax(logits: Floats) -> Floats:
    """Softmax over the last axis, float32."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances: Floats = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return chances
