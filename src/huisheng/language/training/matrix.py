"""Feature matrices for scikit-learn, made by the same scan that inference uses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from huisheng.language.encoding import GRAM_LENGTHS, encode
from huisheng.language.encoding import grams as every_gram
from huisheng.language.heads import buckets
from huisheng.language.scan import Scan, Scanner
from huisheng.language.wide import wide_grams

BATCH = 4_096
ROW_BITS = 18
WIDE_BITS = 21


@dataclass(frozen=True, slots=True)
class Features:
    """What the heads see of n units.

    Attributes:
        grams: csr[n, 2^bits] n-gram counts over the unit's length norm.
        cues: float32[n, c] cue columns, 0 or 1.
        owner: int64[n] text of each unit.
    """

    grams: sp.csr_matrix
    cues: NDArray[np.float32]
    owner: NDArray[np.int64]


def text_features(scanner: Scanner, texts: Sequence[str], bits: int = ROW_BITS) -> Features:
    """Features of whole texts with the text cues."""
    return _features(scanner, texts, bits, by_clause=False)


def clause_features(scanner: Scanner, texts: Sequence[str], bits: int = ROW_BITS) -> Features:
    """Features of all clauses of the texts with the clause cues."""
    return _features(scanner, texts, bits, by_clause=True)


def wide_features(texts: Sequence[str]) -> sp.csr_matrix:
    """Return csr[n, 2^WIDE_BITS]: what the wide heads count, over each text's length norm."""
    found: list[sp.csr_matrix] = []
    for first in range(0, len(texts), BATCH):
        buffer = encode(texts[first : first + BATCH])
        plain = tuple(every_gram(buffer, GRAM_LENGTHS))
        every = list(wide_grams(buffer, plain))
        rows = np.concatenate([buffer.owner[some.position] for some in every])
        columns = np.concatenate([buckets(some, WIDE_BITS) for some in every])
        found.append(_normed(rows, columns, buffer.size, WIDE_BITS))
    return sp.csr_matrix(sp.vstack(found))


def gram_counts(texts: Sequence[str]) -> sp.csr_matrix:
    """Return csr[n, 2^ROW_BITS]: n-gram counts of whole texts, as they are."""
    found: list[sp.csr_matrix] = []
    for first in range(0, len(texts), BATCH):
        buffer = encode(texts[first : first + BATCH])
        every = list(every_gram(buffer, GRAM_LENGTHS))
        rows = np.concatenate([buffer.owner[some.position] for some in every])
        columns = np.concatenate([buckets(some, ROW_BITS) for some in every])
        found.append(_counted(rows, columns, buffer.size, ROW_BITS))
    return sp.csr_matrix(sp.vstack(found))


def _features(scanner: Scanner, texts: Sequence[str], bits: int, *, by_clause: bool) -> Features:
    grams: list[sp.csr_matrix] = []
    cues: list[NDArray[np.float32]] = []
    owner: list[NDArray[np.int64]] = []
    for first in range(0, len(texts), BATCH):
        scan = scanner.scan(texts[first : first + BATCH])
        units = scan.clauses.unit if by_clause else scan.buffer.owner
        size = scan.clauses.size if by_clause else scan.buffer.size
        grams.append(_counts(scan, units, size, bits))
        cues.append((scan.clause_cues if by_clause else scan.text_cues).T.astype(np.float32))
        whose = scan.clauses.owner if by_clause else np.arange(size)
        owner.append(whose.astype(np.int64) + first)
    return Features(sp.vstack(grams).tocsr(), np.concatenate(cues), np.concatenate(owner))


def _counts(scan: Scan, units: NDArray[np.int32], size: int, bits: int) -> sp.csr_matrix:
    rows = np.concatenate([units[some.position] for some in scan.grams])
    columns = np.concatenate([buckets(some, bits) for some in scan.grams])
    return _normed(rows, columns, size, bits)


def _normed(
    rows: NDArray[np.int32], columns: NDArray[np.int64], size: int, bits: int
) -> sp.csr_matrix:
    counts = _counted(rows, columns, size, bits)
    norms = np.sqrt(np.maximum(np.bincount(rows, minlength=size), 1)).astype(np.float32)
    return sp.csr_matrix(sp.diags((1 / norms).astype(np.float32)) @ counts)


def _counted(
    rows: NDArray[np.int32], columns: NDArray[np.int64], size: int, bits: int
) -> sp.csr_matrix:
    ones = np.ones(len(rows), dtype=np.float32)
    counts = sp.csr_matrix((ones, (rows, columns)), shape=(size, 1 << bits))
    counts.sum_duplicates()
    return counts


def nb_ratios(
    grams: sp.csr_matrix, positive: NDArray[np.bool_], smoothing: float = 1.0
) -> NDArray[np.float32]:
    """Absolute log-odds ratio of each bucket between the two classes (Wang & Manning 2012)."""
    present = grams.sign()
    yes = np.asarray(present[positive].sum(axis=0)).ravel() + smoothing
    no = np.asarray(present[~positive].sum(axis=0)).ravel() + smoothing
    ratios: NDArray[np.float32] = np.abs(np.log((yes / yes.sum()) / (no / no.sum())))
    return ratios.astype(np.float32)


def idf(grams: sp.csr_matrix, fewest: int) -> NDArray[np.float32]:
    """log(n / df) of each bucket, 0 where fewer than `fewest` units have it."""
    seen = np.asarray(grams.sign().sum(axis=0)).ravel()
    weights = np.log(grams.shape[0] / (1 + seen)).clip(0)
    return np.where(seen >= fewest, weights, 0).astype(np.float32)
