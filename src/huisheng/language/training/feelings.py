"""Train the heads that read whole texts: is it pleased, and does it blame anything at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from huisheng.language.aspects import NEGATIVE, POSITIVE
from huisheng.language.blame import BlameRule, blame_signals
from huisheng.language.encoding import encode
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.training import recipe
from huisheng.language.training.corpora import Review, Sentiment
from huisheng.language.training.fitting import (
    Bools,
    Doubles,
    best_threshold,
    fit_wide,
    platt,
    wide_scores,
)
from huisheng.language.training.matrix import wide_features
from huisheng.language.wide import WideHead

BLAME_INVERSE = 0.05


@dataclass(frozen=True, slots=True)
class Feelings:
    """What the sentiment head learns from, n texts.

    Attributes:
        texts: labelled reviews, make-up reviews with an opinion, our own sentences.
        positive: bool[n]; a review with opinions counts as negative once anything is blamed.
        weights: float64[n].
        review: int64[n] place among the make-up reviews, −1 elsewhere.
        labelled: how many labelled reviews come first.
    """

    texts: Sequence[str]
    positive: Bools
    weights: Doubles
    review: NDArray[np.int64]
    labelled: int


def gather(labelled: Sentiment, reviews: Sequence[Review], taxonomy: Taxonomy) -> Feelings:
    """Collect everything with a known sentiment."""
    polar = [
        (place, review, {opinion.polarity for opinion in review.opinions})
        for place, review in enumerate(reviews)
    ]
    polar = [row for row in polar if row[2] & {1, -1}]
    own = [(text, sign > 0) for _, text, sign in recipe.own_opinions(taxonomy) if sign]
    first, second = len(labelled.texts), len(polar)
    return Feelings(
        texts=[*labelled.texts, *(r.text for _, r, _ in polar), *(text for text, _ in own)],
        positive=np.concatenate(
            [
                labelled.positive == 1,
                np.array([-1 not in signs for *_, signs in polar], dtype=bool),
                np.array([good for _, good in own], dtype=bool),
            ]
        ),
        weights=np.repeat([1.0, recipe.OWN_WEIGHT], [first + second, len(own)]),
        review=np.concatenate(
            [
                np.full(first, -1),
                np.array([place for place, *_ in polar], dtype=np.int64),
                np.full(len(own), -1),
            ]
        ),
        labelled=first,
    )


def train_sentiment(some: Feelings, reviews: Sequence[Review]) -> tuple[WideHead, Doubles]:
    """Fit and calibrate the sentiment head.

    Returns:
        The head, and the scores of all make-up reviews by heads that have not seen them.
    """
    grams = wide_features(some.texts)
    asked = wide_features([review.text for review in reviews])
    fold_of_review = recipe.folds(len(reviews))
    fold = recipe.folds(len(some.texts))
    known = some.review >= 0
    fold[known] = fold_of_review[some.review[known]]
    held_out = np.zeros(len(some.texts))
    scores = np.zeros(len(reviews))
    for number in range(recipe.FOLDS):
        head = _fit(grams, some, fold != number)
        held_out[fold == number] = wide_scores(head, grams[fold == number])
        tested = fold_of_review == number
        scores[tested] = wide_scores(head, asked[tested])
    calibrating = slice(0, some.labelled)
    slope, offset = platt(held_out[calibrating], some.positive[calibrating])
    head = _fit(grams, some, np.ones(len(fold), dtype=bool))
    calibrated = replace(head, step=head.step * slope, bias=head.bias * slope + offset)
    return calibrated, scores * slope + offset


def _fit(grams: sp.csr_matrix, some: Feelings, rows: Bools) -> WideHead:
    return fit_wide(grams[rows], some.positive[rows], some.weights[rows], recipe.SENTIMENT_INVERSE)


@dataclass(frozen=True, slots=True)
class Blame:
    """The trained judge of blame, and what it said of training reviews while not seeing them."""

    head: WideHead
    rule: BlameRule
    held_out: NDArray[np.float32]


def train_blame(
    reviews: Sequence[Review],
    sentiment: Doubles,
    clauses: NDArray[np.float32],
    owner: NDArray[np.int64],
) -> Blame:
    """Fit the head of blame on whole reviews, then the rule that joins it with what else is known.

    Args:
        reviews: n make-up reviews.
        sentiment: float64[n] held-out sentiment scores.
        clauses: float32[m, k] held-out clause scores, columns as `recipe.ASPECT_OUTPUTS`.
        owner: int64[m] review of each clause.
    """
    grams = wide_features([review.text for review in reviews])
    blamed = truly_blamed(reviews)
    ones = np.ones(len(reviews))
    fold = recipe.folds(len(reviews))
    whole = np.zeros(len(reviews))
    for number in range(recipe.FOLDS):
        seen = fold != number
        head = fit_wide(grams[seen], blamed[seen], ones[seen], BLAME_INVERSE)
        whole[~seen] = wide_scores(head, grams[~seen])
    negative, positive = (recipe.ASPECT_OUTPUTS.index(name) for name in (NEGATIVE, POSITIVE))
    signals = blame_signals(
        whole.astype(np.float32),
        sentiment.astype(np.float32),
        clauses[:, negative],
        clauses[:, positive],
        owner,
        encode([review.text for review in reviews]).lengths,
    )
    fit = LogisticRegression(C=1.0, max_iter=2_000).fit(signals, blamed)
    scores = fit.decision_function(signals)
    threshold = best_threshold(scores, blamed)
    rule = BlameRule(tuple(map(float, fit.coef_[0])), float(fit.intercept_[0]) - threshold)
    return Blame(fit_wide(grams, blamed, ones, BLAME_INVERSE), rule, rule.logits(signals))


def truly_blamed(reviews: Sequence[Review]) -> Bools:
    """Whether anything is blamed in each review."""
    return np.array([any(o.polarity < 0 for o in review.opinions) for review in reviews])
