"""Linear heads over hashed n-grams and cues, with whole-number weights.

Weights are integers held in floating point: their sums are exact, so a text's score is the same to
the last bit whatever else is in its batch, and whatever order a library adds in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from huisheng.language.encoding import GRAM_LENGTHS, NO_SLOT, Grams, gram_counts
from huisheng.language.scan import KnownGrams, Scan

Floats = NDArray[np.float32]
CUE_STEP = np.float32(1 / 64)
"""Cue weights and biases are multiples of this."""


_SAFE = 256
"""So many weights of at most 127 add up within 16 bits; longer units are added piece by piece."""


def buckets(some: Grams, bits: int) -> NDArray[np.int64]:
    """Return the bucket of each n-gram: the top bits of its hash."""
    return (some.hashes >> np.uint64(64 - bits)).view(np.int64)


def text_norms(lengths: NDArray[np.int32]) -> Floats:
    """Return float32[n]: the square root of each text's number of n-grams, at least 1."""
    return _root(gram_counts(lengths))


def clause_norms(scan: Scan) -> Floats:
    """Return float32[m]: the same for clauses, counting the n-grams that begin in one."""
    slots, firsts = scan.seen.slots, scan.clauses.first
    missing = np.flatnonzero(slots.ravel() == NO_SLOT)
    total = np.diff(firsts, append=len(slots)) * GRAM_LENGTHS
    total -= np.bincount(scan.clauses.unit[missing // GRAM_LENGTHS], minlength=len(firsts))
    return _root(total)


def _root(counts: NDArray[np.int64]) -> Floats:
    return np.sqrt(np.maximum(counts, 1)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class RowHead:
    """Many outputs over the n-grams that mattered in training.

    Attributes:
        rows: uint16[2^bits] row of a bucket, 0 for «unknown».
        weights: [r, k] whole numbers within ±127, as int16 where speed counts; row 0 is zero.
        steps: float32[k] what one unit of weight is worth.
        cues: float32[c, k] whole multiples of `CUE_STEP`, divided by it.
        biases: float32[k].
    """

    rows: NDArray[np.uint16]
    weights: Floats | NDArray[np.int16]
    steps: Floats
    cues: Floats
    biases: Floats

    def logits(
        self,
        known: KnownGrams,
        firsts: NDArray[np.int64],
        norms: Floats,
        cues: NDArray[np.bool_],
    ) -> Floats:
        """Return float32[u, k].

        Args:
            known: n-grams of a batch that have a row.
            firsts: int64[u] where each unit (text or clause) of the batch begins.
            norms: float32[u] length norm of each unit.
            cues: bool[c, u] the cue columns of each unit.
        """
        sums = self.gram_sums(known, firsts)
        sums /= norms[:, None]
        hits = _columns_of(cues) @ self.cues
        hits *= CUE_STEP
        sums += hits
        sums += self.biases
        return sums

    def gram_sums(self, known: KnownGrams, firsts: NDArray[np.int64]) -> Floats:
        """Return float32[u, k]: the summed weights of the n-grams of units that begin there."""
        ends = known.ends(firsts)
        pieces = np.maximum(-(-np.diff(ends) // _SAFE), 1)
        first = np.cumsum(pieces) - pieces
        inside = np.arange(pieces.sum()) - np.repeat(first, pieces)
        starts = np.repeat(ends[:-1], pieces) + inside * _SAFE
        bounds = np.append(starts, len(known.row)).astype(np.int32)
        ones = np.ones(len(known.row), dtype=np.int16)
        picked = sp.csr_array((ones, known.row, bounds), shape=(len(starts), len(self.weights)))
        parts = picked @ self.weights.astype(np.int16, copy=False)
        if len(parts) > len(firsts):
            parts = np.add.reduceat(parts.astype(np.int32), first, axis=0)
        sums: Floats = parts.astype(np.float32)
        sums *= self.steps
        return sums

    def aligned(self, trained: Sequence[str], present: Sequence[str]) -> "RowHead":
        """Return the head with its cue rows in the order of `present`; unknown cues weigh 0."""
        cues = np.zeros((len(present), self.cues.shape[1]), dtype=np.float32)
        place = {name: row for row, name in enumerate(trained)}
        for row, name in enumerate(present):
            if name in place:
                cues[row] = self.cues[place[name]]
        return replace(self, cues=cues, weights=self.weights.astype(np.int16, copy=False))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> "RowHead":
        """Read the head that `to_arrays` wrote under `name`."""
        return cls(
            rows=arrays[f"{name}.rows"].astype(np.uint16, copy=False),
            weights=arrays[f"{name}.weights"].astype(np.int16),
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


def _columns_of(cues: NDArray[np.bool_]) -> sp.csc_array:
    """Return csc[u, c] of cue columns bool[c, u]."""
    count, units = cues.shape
    flat = np.flatnonzero(cues)
    ends = np.searchsorted(flat, np.arange(count + 1) * units).astype(np.int32)
    unit = flat - np.repeat(np.arange(count) * units, np.diff(ends))
    ones = np.ones(len(unit), dtype=np.float32)
    return sp.csc_array((ones, unit.astype(np.int32), ends), shape=(units, count))


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
