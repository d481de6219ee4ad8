"""Train the head that hears dangers in wordings which no rule knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import yaml
from numpy.typing import NDArray

from huisheng.language.dangers import ANY, DANGERS, Dangers
from huisheng.language.heads import sigmoid
from huisheng.language.scan import Scanner
from huisheng.language.training.fitting import Strength, Targets, fit_rows, platt, row_scores
from huisheng.language.training.matrix import Features, text_features

PAIRS_FILE, HARMLESS_FILE = "risk_pairs.yaml", "harmless.txt"
FOLDS = 5
MOST_ALARMS = 0.0005
"""Share of quiet texts that may be called a danger: nobody looks at alerts mostly wrong."""
STRENGTH = Strength(inverse=10, cues=0.0, grams=0.4, fewest=1, most=20_000)
QUIET_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a pair, the risks it signals, and those it may signal besides."""

    text: str
    must: frozenset[str]
    may: frozenset[str]
    pair: int


def read_pairs() -> tuple[Sentence, ...]:
    """Return both sentences of every minimal pair that we wrote."""
    source = files("huisheng.language.training") / PAIRS_FILE
    return tuple(
        Sentence(
            pair[side],
            frozenset(pair.get(key, "").split()),
            frozenset(pair.get("also", "").split()),
            number,
        )
        for number, pair in enumerate(yaml.safe_load(source.read_text(encoding="utf-8")))
        for side, key in (("sign", "risk"), ("near", "but"))
    )


def harmless() -> list[str]:
    """Return what buyers say of the same things where nothing is wrong, one sentence a line."""
    source = files("huisheng.language.training") / HARMLESS_FILE
    return source.read_text(encoding="utf-8").split("\n")[:-1]


@dataclass(frozen=True, slots=True)
class HeldOutDangers:
    """How the head fares on pairs it has not seen.

    Attributes:
        precision: of the sentences called a danger.
        recall: of those that are one.
        alarms: share of quiet texts called a danger.
    """

    precision: float
    recall: float
    alarms: float


def train_dangers(scanner: Scanner, quiet: Sequence[str]) -> tuple[Dangers, HeldOutDangers]:
    """Fit the head on our pairs and on `quiet` texts, which signal nothing.

    Returns:
        The head with the probability from which it speaks, chosen on held-out texts; and how it
        fares on held-out pairs.
    """
    pairs, calm = read_pairs(), harmless()
    ours = len(pairs) + len(calm)
    found = text_features(scanner, [*(one.text for one in pairs), *calm, *quiet])
    found = Features(found.grams, found.cues[:, :0], found.owner)
    wanted = _wanted(pairs, len(calm) + len(quiet))
    weights = np.concatenate([np.ones(ours), np.full(len(quiet), QUIET_WEIGHT)])
    scores = _held_out(found, wanted, weights, _folds(pairs, len(calm) + len(quiet)))
    slope, offset = platt(scores, wanted[ANY])
    chances = sigmoid((scores * slope + offset).astype(np.float32))
    least = float(np.quantile(chances[ours:], 1 - MOST_ALARMS))
    called = chances >= least
    right = called & wanted[ANY]
    measured = HeldOutDangers(
        precision=float(right.sum() / called[: len(pairs)].sum()),
        recall=float(right.sum() / wanted[ANY].sum()),
        alarms=float(called[ours:].mean()),
    )
    head = fit_rows(found, Targets(wanted, dict.fromkeys(wanted, weights)), STRENGTH)
    return Dangers(head, slope, offset, least), measured


def _folds(pairs: Sequence[Sentence], quiet: int) -> NDArray[np.int64]:
    """Return a fold for every text; both sentences of a pair share one."""
    dice = np.random.default_rng(0)
    of_pair = dice.integers(0, FOLDS, len(pairs) // 2)
    return np.concatenate([of_pair[[one.pair for one in pairs]], dice.integers(0, FOLDS, quiet)])


def _held_out(
    found: Features,
    wanted: dict[str, NDArray[np.bool_]],
    weights: NDArray[np.float64],
    fold: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the scores of `ANY` by heads that have not seen a text or its pair."""
    scores = np.zeros(len(fold))
    for number in range(FOLDS):
        seen = fold != number
        head = fit_rows(_rows(found, seen), _of(wanted, weights, seen), STRENGTH)
        scores[~seen] = row_scores(head, _rows(found, ~seen))[:, 0]
    return scores


def _wanted(pairs: Sequence[Sentence], quiet: int) -> dict[str, NDArray[np.bool_]]:
    none = np.zeros(quiet, dtype=bool)
    found = {name: np.concatenate([[name in one.must for one in pairs], none]) for name in DANGERS}
    return {ANY: np.logical_or.reduce(list(found.values())), **found}


def _rows(found: Features, rows: NDArray[np.bool_]) -> Features:
    return Features(found.grams[rows], found.cues[rows], found.owner[rows])


def _of(
    wanted: dict[str, NDArray[np.bool_]], weights: NDArray[np.float64], rows: NDArray[np.bool_]
) -> Targets:
    return Targets(
        {name: some[rows] for name, some in wanted.items()},
        dict.fromkeys(wanted, weights[rows]),
    )
