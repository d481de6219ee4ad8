"""The plain model on every labelled set: character TF-IDF and logistic regression, same splits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from huisheng.language.training import feelings, recipe
from huisheng.language.training.assembling import Corpus, keep_sentiment
from huisheng.language.training.conversations import dissatisfied
from huisheng.language.training.corpora import Message
from huisheng.language.training.evaluation import (
    AspectResult,
    Keys,
    Opinions,
    TalkResult,
    area,
    calibration_error,
    compare,
    tones,
    yes_or_no,
)

FOLDS = 5
LONGEST = 4
LONGEST_MANY = 3
"""Longest n-grams where many models are fitted in turn."""
INVERSE = 10.0
Words = NDArray[np.generic]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Binary:
    """Accuracy, accuracy on the surest four fifths, calibration error."""

    accuracy: float
    sure: float
    calibration: float


def sentiment(corpus: Corpus) -> Binary:
    """Sentiment of the held-out fifth."""
    some = corpus.sentiment
    test = recipe.folds(len(some.texts), FOLDS) == 0
    wanted = some.positive == 1
    scores = _scores(
        keep_sentiment(some, ~test).texts, wanted[~test], keep_sentiment(some, test).texts, LONGEST
    )
    right = (scores > 0) == wanted[test]
    confidence = (1 / (1 + np.exp(-np.abs(scores)))).astype(np.float32)
    surest = np.argsort(-confidence, kind="stable")[: round(len(right) * 0.8)]
    error = calibration_error(confidence, right)
    return Binary(float(right.mean()), float(right[surest].mean()), error)


def leave_category_out(corpus: Corpus) -> dict[str, float]:
    """Sentiment of each category by a model that never saw it."""
    some = corpus.sentiment
    wanted = some.positive == 1
    found = {}
    for name in sorted(set(some.category.tolist())):
        test = some.category == name
        train, rest = keep_sentiment(some, ~test), keep_sentiment(some, test)
        scores = _scores(train.texts, wanted[~test], rest.texts, LONGEST_MANY)
        found[name] = float(((scores > 0) == wanted[test]).mean())
    return found


def aspects(corpus: Corpus) -> tuple[AspectResult, list[Keys]]:
    """Taught aspects, with polarity, and blame: one yes-or-no model each.

    Returns:
        What they say of the held-out reviews, and the aspects they name in the laptop reviews.
    """
    test = recipe.folds(len(corpus.reviews), FOLDS) == 0
    train = [review for review, held in zip(corpus.reviews, test, strict=True) if not held]
    rest = [review for review, held in zip(corpus.reviews, test, strict=True) if held]
    vectorizer = _vectorizer(LONGEST)
    known = vectorizer.fit_transform([review.text for review in train])
    asked = vectorizer.transform([review.text for review in rest])
    signed, truly_signed = recipe.true_polarities(train), recipe.true_polarities(rest)
    laptops = vectorizer.transform([review.text for review in corpus.laptops])
    both = _each(known, np.any(signed, axis=2), csr_matrix(vstack([asked, laptops])))
    present, elsewhere = both[: len(rest)], both[len(rest) :]
    polar = _each(known, signed.reshape(len(train), -1), asked)
    blamed = _each(known, feelings.truly_blamed(train)[:, None], asked)[:, 0]
    shown = yes_or_no(blamed, feelings.truly_blamed(rest))
    found = AspectResult(
        compare(_keys(present), _keys(np.any(truly_signed, axis=2))),
        compare(_keys(polar), _keys(truly_signed.reshape(len(rest), -1))),
        shown,
        shown,
        tones(_opinions(polar.reshape(truly_signed.shape)), _opinions(truly_signed)),
    )
    names = np.array(recipe.TAUGHT)
    return found, [frozenset(names[row].tolist()) for row in elsewhere]


def _opinions(signed: Flags) -> list[Opinions]:
    return [
        frozenset((recipe.TAUGHT[place], int(sign) - 1) for place, sign in np.argwhere(row))
        for row in signed
    ]


def _keys(marked: Flags) -> list[frozenset[str]]:
    return [frozenset(str(column) for column in np.flatnonzero(row)) for row in marked]


def chat(corpus: Corpus) -> list[tuple[Message, str, str]]:
    """Scene and emotion of the message alone, five-fold over gold."""
    fold = recipe.folds(len(corpus.gold), FOLDS)
    pairs: list[tuple[Message, str, str]] = []
    for number in range(FOLDS):
        train = [m for m, where in zip(corpus.gold, fold, strict=True) if where != number]
        test = [m for m, where in zip(corpus.gold, fold, strict=True) if where == number]
        texts, asked = [m.text for m in train], [m.text for m in test]
        scenes = _named(texts, np.array([m.scene for m in train]), asked)
        moods = _named(texts, np.array([m.emotion for m in train]), asked)
        pairs += [
            (m, str(scene), str(mood)) for m, scene, mood in zip(test, scenes, moods, strict=True)
        ]
    return pairs


def talks(corpus: Corpus) -> TalkResult:
    """Turns from their own words, conversations from all that was said, five-fold."""
    fold = recipe.folds(len(corpus.talks), FOLDS)
    whole = ["\n".join(words for _, words in one.turns) for one in corpus.talks]
    turns = [words for one in corpus.talks for _, words in one.turns]
    rating = np.array([rating for one in corpus.talks for rating in one.ratings])
    of_turn = np.repeat(fold, [len(one.turns) for one in corpus.talks])
    rated = rating >= 0
    marked = np.array([one.judgements is not None for one in corpus.talks])
    marks = np.array([one.judgements for one in corpus.talks if one.judgements is not None]) < 0
    left = dissatisfied(corpus.talks)
    session = ~marked & ~np.isnan(left)
    judged = [_folded(whole, marked, marks[:, place], fold) for place in range(3)]
    return TalkResult(
        (judged[0], judged[1], judged[2]),
        _folded(whole, session, left[session] == 1, fold),
        _folded(turns, rated, rating[rated] == 0, of_turn),
        (int(marked.sum()), int(session.sum()), int(rated.sum())),
    )


def _folded(texts: Sequence[str], used: Flags, wanted: Flags, fold: NDArray[np.int64]) -> float:
    """Area under the ROC curve of held-out scores of the used texts."""
    some = pa.array(texts).filter(pa.array(used)).to_pylist()
    where = fold[used]
    scores = np.zeros(len(some))
    for number in range(FOLDS):
        seen, left = np.flatnonzero(where != number), np.flatnonzero(where == number)
        asked = [some[place] for place in left]
        known = [some[place] for place in seen]
        scores[left] = _scores(known, wanted[seen], asked, LONGEST_MANY)
    return area(scores, wanted)


def _scores(
    texts: Sequence[str], wanted: Flags, asked: Sequence[str], longest: int
) -> NDArray[np.float64]:
    vectorizer = _vectorizer(longest)
    known = vectorizer.fit_transform(texts)
    found: NDArray[np.float64] = (
        _model().fit(known, wanted).decision_function(vectorizer.transform(asked))
    )
    return found


def _each(known: csr_matrix, wanted: Flags, asked: csr_matrix) -> Flags:
    found = np.zeros((asked.shape[0], wanted.shape[1]), dtype=bool)
    for column in range(wanted.shape[1]):
        if wanted[:, column].any():
            found[:, column] = _model().fit(known, wanted[:, column]).predict(asked)
    return found


def _named(texts: Sequence[str], wanted: Words, asked: Sequence[str]) -> Words:
    vectorizer = _vectorizer(LONGEST)
    known = vectorizer.fit_transform(texts)
    found: Words = (
        OneVsRestClassifier(_model()).fit(known, wanted).predict(vectorizer.transform(asked))
    )
    return found


def _model() -> LogisticRegression:
    return LogisticRegression(C=INVERSE, solver="liblinear")


def _vectorizer(longest: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char", ngram_range=(1, longest), min_df=2, max_features=200_000, sublinear_tf=True
    )
