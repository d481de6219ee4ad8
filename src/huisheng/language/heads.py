"""Linear heads over hashed n-grams and cues, with whole-number weights.

Weights are integers held in floating point: their sums are exact, so a text's score is the same to
the last bit whatever else is in its batch, and whatever order a library adds in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    return (some.hashes >> np.uint64(64 - bits)).view(np.int64)


def text_norms(scan: Scan) -> Floats:
    """Return float32[n]: the square root of each text's number of n-grams, at least 1.

    A text of L letters stands between two marks, so it has L + 3 − k n-grams of length k > 1.
    """
    letters = scan.buffer.lengths.astype(np.int64)
    total = letters.copy()
    for some in scan.grams[1:]:
        total += np.maximum(letters + 3 - some.length, 0)
    return np.sqrt(np.maximum(total, 1)).astype(np.float32)


def clause_norms(scan: Scan) -> Floats:
    """Return float32[m]: the same for clauses, counting the n-grams that begin in one."""
    edges = np.diff(scan.clauses.unit, prepend=-1, append=scan.clauses.size)
    firsts = np.flatnonzero(edges).astype(np.int32)
    total = np.zeros(scan.clauses.size, dtype=np.int64)
    for some in scan.grams:
        total += np.diff(np.searchsorted(some.position, firsts))
    return np.sqrt(np.maximum(total, 1)).astype(np.float32)


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
        sums = self.gram_sums(scan.grams, units, len(norms))
        grams = sums / norms[:, None]
        hits = (cues.T.astype(np.float32) @ self.cues) * CUE_STEP
        return grams + hits + self.biases

    def gram_sums(self, grams: Iterable[Grams], units: NDArray[np.int32], size: int) -> Floats:
        """Return float32[u, k]: the summed weights of each unit's n-grams.

        Args:
            grams: the n-grams of a batch.
            units: int32[m] unit of each buffer position, ascending.
            size: number of units u.
        """
        sums = np.zeros((size, self.weights.shape[1]), dtype=np.float32)
        bits = int(self.rows.size).bit_length() - 1
        edges = np.diff(units, prepend=-1, append=size)
        firsts = np.flatnonzero(edges).astype(np.int32)
        for some in grams:
            row = self.rows[buckets(some, bits)]
            known = np.flatnonzero(row != 0)
            ends = np.searchsorted(some.position[known], firsts).astype(np.int32)
            ones = np.ones(len(known), dtype=np.float32)
            shape = (size, len(self.weights))
            picked = sp.csr_array((ones, row[known].astype(np.int32), ends), shape=shape)
            sums += np.asarray(picked @ self.weights)
        return sums * self.steps

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
