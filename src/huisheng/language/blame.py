"""Whether a text blames anything at all, from what its heads and its clauses say together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.heads import Floats, sigmoid

_FARTHEST = np.float32(10)
"""Clause scores are cut here: beyond it a clause is certain anyway."""
SURE = np.float32(4)
"""Log-odds beyond which a text's leaning moves its clauses no further."""


@dataclass(frozen=True, slots=True)
class BlameRule:
    """A logistic regression over `blame_signals`.

    Attributes:
        weights: one per signal.
        bias: set so that a probability of 0.5 is where F1 was best on held-out reviews.
    """

    weights: tuple[float, ...]
    bias: float

    def logits(self, signals: Floats) -> Floats:
        """Return float32[n]: log-odds that something is blamed."""
        weights = np.array(self.weights, dtype=np.float32)
        found: Floats = (signals * weights).sum(axis=1) + np.float32(self.bias)
        return found


def blame_signals(
    whole: Floats,
    sentiment: Floats,
    negative: Floats,
    positive: Floats,
    owner: NDArray[np.int32] | NDArray[np.int64],
    lengths: NDArray[np.int32],
) -> Floats:
    """Return float32[n, 8]: what speaks for and against blame.

    Args:
        whole: float32[n] score of the head trained for this on whole texts.
        sentiment: float32[n] score of the sentiment head.
        negative: float32[m] score that a clause is negative.
        positive: float32[m] score that a clause is positive.
        owner: int[m] text of each clause, ascending; every text has a clause.
        lengths: int32[n] letters of each text.
    """
    firsts = np.flatnonzero(np.diff(owner, prepend=-1))
    mood = positive - negative
    blamed = np.bincount(owner, sigmoid(negative), minlength=len(whole))
    columns = [
        whole,
        sentiment,
        np.maximum.reduceat(negative, firsts),
        np.maximum.reduceat(positive, firsts),
        np.minimum.reduceat(mood, firsts),
        np.maximum.reduceat(mood, firsts),
        blamed,
        np.log1p(lengths),
    ]
    signals = np.stack(columns, axis=1).astype(np.float32)
    signals[:, 2:6] = np.clip(signals[:, 2:6], -_FARTHEST, _FARTHEST)
    return signals
