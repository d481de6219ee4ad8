"""Draw texts for people to judge: every label gets some, and each text's chance is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample.

    Attributes:
        places: int64[k] places of the texts drawn, ascending.
        probability: float64[k] each one's chance of being drawn.
    """

    places: NDArray[np.int64]
    probability: NDArray[np.float64]


def draw(stratum: NDArray[np.int64], size: int, seed: int) -> Drawn:
    """Draw `size` of n texts without replacement, by strata.

    One half is shared evenly, so that rare strata give cases enough for precision, the other by
    size, so that texts which the model left alone give misses enough for recall. Within a stratum
    of N texts each has the chance k / N, with k the number drawn there (Cochran 1977, ch. 5); a
    weight of one over it makes every estimate hold for all n texts.

    Args:
        stratum: int64[n] stratum of each text, from 0.
        size: texts wanted; of fewer all are drawn.
        seed: the same gives the same sample of the same texts in the same order.
    """
    sizes = np.bincount(stratum)
    wanted = _shared(sizes, min(size, len(stratum)))
    order = np.random.default_rng(seed).permutation(len(stratum))
    order = order[np.argsort(stratum[order], kind="stable")]
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = np.sort(order[rank < np.repeat(wanted, sizes)])
    return Drawn(places, (wanted / np.maximum(sizes, 1))[stratum[places]])


def _shared(sizes: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Return how many to draw of each stratum: at least one where it holds any, if they reach."""
    even = _evenly(sizes, total // 2)
    left = sizes - even
    rest = total - int(even.sum())
    exact = left * (rest / max(1, int(left.sum())))
    more = np.floor(exact).astype(np.int64)
    for place in np.argsort(more - exact, kind="stable")[: rest - int(more.sum())]:
        more[place] += 1
    even += more
    return even


def _evenly(sizes: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Share a total evenly; what small strata cannot take goes to the others."""
    taken = np.zeros_like(sizes)
    while total > 0 and (open_ := np.flatnonzero(taken < sizes)).size:
        each = max(1, total // len(open_))
        some = open_[np.argsort(sizes[open_], kind="stable")][: total // each]
        more = np.minimum(sizes[some] - taken[some], each)
        taken[some] += more
        total -= int(more.sum())
    return taken
