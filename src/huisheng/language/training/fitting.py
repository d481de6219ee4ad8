"""Fit the linear heads with scikit-learn and turn them into whole-number tables."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from huisheng.language.heads import CUE_STEP, RowHead, quantise
from huisheng.language.training.matrix import ROW_BITS, WIDE_BITS, Features, idf, nb_ratios
from huisheng.language.wide import WideHead

MOST_ROWS = 60_000
Bools = NDArray[np.bool_]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Targets:
    """What to learn about n units.

    Attributes:
        wanted: bool[n] by output name.
        weights: float64[n] by output name; 0 leaves a unit out of that output.
    """

    wanted: Mapping[str, Bools]
    weights: Mapping[str, Doubles]


@dataclass(frozen=True, slots=True)
class Strength:
    """Regularisation: inverse strength, and how much cues and n-grams count before it.

    N-grams seen less often than `fewest` are dropped; of the rest the `most` strongest stay.
    """

    inverse: float
    cues: float
    grams: float
    fewest: int
    most: int


def fit_wide(grams: sp.csr_matrix, positive: Bools, weights: Doubles, inverse: float) -> WideHead:
    """Fit a naive-Bayes-scaled linear SVM over all buckets (Wang & Manning 2012).

    The square root softens the ratios: better on a validation fold and on unseen categories.
    """
    scale = np.sqrt(nb_ratios(grams, positive)) * idf(grams, 2)
    kept = np.flatnonzero(scale)
    svm = LinearSVC(C=inverse, tol=1e-2, dual=False, random_state=0)
    svm.fit(grams[:, kept] @ sp.diags(scale[kept]), positive, sample_weight=weights)
    weighed, steps = quantise((svm.coef_[0] * scale[kept]).astype(np.float32)[:, None])
    table = np.zeros(1 << WIDE_BITS, dtype=np.int8)
    table[kept] = weighed[:, 0]
    return WideHead(table, float(steps[0]), float(svm.intercept_[0]))


def wide_scores(head: WideHead, grams: sp.csr_matrix) -> Doubles:
    """Scores of a wide head on training features."""
    found: Doubles = grams @ head.table.astype(np.float64) * head.step + head.bias
    return found


def fit_rows(features: Features, targets: Targets, strength: Strength) -> RowHead:
    """Fit one logistic regression per output over the n-grams worth keeping and the cues."""
    scale = idf(features.grams, strength.fewest) * strength.grams
    kept = np.flatnonzero(scale)
    grams_kept = sp.csr_matrix(features.grams[:, kept] @ sp.diags(scale[kept]))
    cues_scaled = sp.csr_matrix(features.cues * strength.cues)
    inputs: sp.csr_matrix = sp.csr_matrix(sp.hstack([grams_kept, cues_scaled]))
    outputs = len(targets.wanted)
    grams = np.zeros((len(kept), outputs), dtype=np.float32)
    cues = np.zeros((features.cues.shape[1], outputs), dtype=np.float32)
    biases = np.full(outputs, -8.0, dtype=np.float32)
    for place, (name, wanted) in enumerate(targets.wanted.items()):
        weights = targets.weights[name]
        used = weights > 0
        if len(np.unique(wanted[used])) < 2:
            continue
        fit = LogisticRegression(C=strength.inverse, solver="liblinear", tol=1e-2)
        fit.fit(inputs[used], wanted[used], sample_weight=weights[used])
        grams[:, place] = fit.coef_[0][: len(kept)] * scale[kept]
        cues[:, place] = fit.coef_[0][len(kept) :] * strength.cues
        biases[place] = fit.intercept_[0]
    return row_head(kept, grams, cues, biases, strength.most)


def row_head(
    kept: NDArray[np.int64],
    grams: NDArray[np.float32],
    cues: NDArray[np.float32],
    biases: NDArray[np.float32],
    most: int,
) -> RowHead:
    """Turn weights of the `kept` buckets into whole numbers; the strongest rows stay."""
    strongest = np.argsort(-np.abs(grams).max(axis=1), kind="stable")[:most]
    chosen = np.sort(strongest)
    table, steps = quantise(grams[chosen])
    rows = np.zeros(1 << ROW_BITS, dtype=np.uint16)
    rows[kept[chosen]] = np.arange(1, len(chosen) + 1)
    return RowHead(
        rows=rows,
        weights=np.concatenate([np.zeros_like(table[:1]), table]),
        steps=steps,
        cues=np.rint(cues / CUE_STEP).astype(np.float32),
        biases=np.rint(biases / CUE_STEP).astype(np.float32) * CUE_STEP,
    )


def row_scores(head: RowHead, features: Features) -> NDArray[np.float32]:
    """Scores of a row head on training features, float32[n, k]."""
    buckets = np.flatnonzero(head.rows)
    grams = features.grams[:, buckets] @ head.weights[head.rows[buckets]]
    scores: NDArray[np.float32] = (
        grams * head.steps + features.cues @ head.cues * CUE_STEP + head.biases
    )
    return scores


def platt(scores: Doubles, wanted: Bools) -> tuple[float, float]:
    """Return (slope, offset) so that sigmoid(slope·score + offset) is calibrated."""
    fit = LogisticRegression(C=1e6).fit(scores[:, None], wanted)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def best_threshold(chances: Doubles, wanted: Bools) -> float:
    """Probability from which naming the label gives the best F1."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(wanted[order])
    f1 = 2 * hits / (np.arange(1, len(wanted) + 1) + wanted.sum())
    return float(chances[order][int(np.argmax(f1))])


def fit_choice(
    inputs: NDArray[np.float32], wanted: NDArray[np.int64], given: Doubles, ridge: float
) -> NDArray[np.float32]:
    """Fit a conditional logit: inputs float32[n, s, f], scene int64[n], weight → weights[f]."""
    items, _, size = inputs.shape
    rows = np.arange(items)
    cube = inputs.astype(np.float64)

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        scores = cube @ weights
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -(given * np.log(chances[rows, wanted] + 1e-12)).sum()
        value += ridge / 2 * weights @ weights
        chances[rows, wanted] -= 1
        chances *= given[:, None]
        return float(value), np.einsum("ns,nsf->f", chances, cube) + ridge * weights

    start = np.zeros(size)
    start[0] = 1.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return found.x.astype(np.float32)
