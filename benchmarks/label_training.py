"""Fit the plain models beforehand, and score both sides' sentiment on the same held-out fifth."""

import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from benchmarks.cutting import cut
from benchmarks.measuring import say
from huisheng.language import Taxonomy, taxonomy
from huisheng.language.scan import Scanner
from huisheng.language.training import corpora, recipe
from huisheng.language.training.fitting import WIDE_BITS, fit_wide, wide_scores
from huisheng.language.training.matrix import text_features

ASPECTS = 13
FOLDS = 5

Texts = Sequence[str]


def main() -> None:
    """Fit on the data folder argv[1], or on the taxonomy where there is none; write to argv[2].

    argv[3] is how many labelled reviews of either kind to use at most.
    """
    data, most, words = Path(sys.argv[1]), int(sys.argv[3]), taxonomy()
    jieba.setLogLevel("ERROR")
    given = data.is_dir()
    moods = _moods(data, most) if given else own_moods(words)
    aspects = _aspects(data, most) if given else _own_aspects(words)
    feelings = [(m.text, m.emotion) for m in corpora.own_messages(words) if m.emotion]
    if given:
        feelings += [(m.text, m.emotion) for m in corpora.read_gold(data)]
    test = recipe.folds(len(moods[0]), FOLDS) == 0 if given else np.zeros(len(moods[0]), bool)
    learned = [text for text, held_out in zip(moods[0], test, strict=True) if not held_out]
    vectors = plain_vectors()
    rows = vectors.fit_transform([*learned, *aspects[0], *(text for text, _ in feelings)])
    ends = np.cumsum([len(learned), len(aspects[0])])
    heads = {
        "sentiment": plain_sentiment().fit(rows[: ends[0]], moods[1][~test]),
        "aspects": OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear")).fit(
            rows[ends[0] : ends[1]], aspects[1]
        ),
        "emotion": LogisticRegression(C=10, max_iter=1000).fit(
            rows[ends[1] :], [emotion for _, emotion in feelings]
        ),
    }
    with Path(sys.argv[2]).open("wb") as file:
        pickle.dump((vectors, heads), file)
    if not given:
        say(trained_on="taxonomy")
        return
    held_out = [text for text, kept in zip(moods[0], test, strict=True) if kept]
    plain = heads["sentiment"].predict(vectors.transform(held_out)) == moods[1][test]
    say(
        trained_on=str(len(learned)) + " reviews",
        held_out=len(held_out),
        plain=float(plain.mean()),
        huisheng=_our_accuracy(moods[0], moods[1], test),
    )


def plain_vectors() -> TfidfVectorizer:
    """Return what weighs the words and pairs of words of texts, not yet fitted."""
    return TfidfVectorizer(tokenizer=cut, token_pattern=None, ngram_range=(1, 2), min_df=2)


def plain_sentiment() -> LogisticRegression:
    """Return the plain head of sentiment, not yet fitted."""
    return LogisticRegression(C=10, solver="liblinear")


def _our_accuracy(texts: Texts, positive: np.ndarray, test: np.ndarray) -> float:
    """Return the accuracy of our sentiment head fitted on the same sentences.

    The shipped head has read the held-out sentences too, so it would not be a fair witness.
    """
    grams = text_features(Scanner(taxonomy()), texts, WIDE_BITS).grams
    ones = np.ones(int((~test).sum()))
    head = fit_wide(grams[~test], positive[~test] == 1, ones, recipe.SENTIMENT_INVERSE)
    return float(((wide_scores(head, grams[test]) > 0) == (positive[test] == 1)).mean())


def _moods(data: Path, most: int) -> tuple[Texts, np.ndarray]:
    some = corpora.read_sentiment(data)
    chosen = np.random.default_rng(0).permutation(len(some.texts))[:most]
    return [some.texts[place] for place in chosen], some.positive[chosen]


def _aspects(data: Path, most: int) -> tuple[Texts, np.ndarray]:
    found = corpora.read_reviews(data)[:most]
    names = sorted({opinion.category for review in found for opinion in review.opinions})
    marks = np.array(
        [[name in {o.category for o in review.opinions} for name in names] for review in found]
    )
    return [review.text for review in found], marks.astype(int)


def own_moods(words: Taxonomy) -> tuple[Texts, np.ndarray]:
    """Return the taxonomy's n sentences of praise and blame, and int64[n] which are praise."""
    signed = [pair for aspect in words.aspects.values() for pair in aspect.examples if pair[0]]
    return [text for _, text in signed], np.array([int(sign > 0) for sign, _ in signed])


def _own_aspects(words: Taxonomy) -> tuple[Texts, np.ndarray]:
    some = list(words.aspects.values())[:ASPECTS]
    pairs = [(text, place) for place, aspect in enumerate(some) for _, text in aspect.examples]
    marks = np.eye(len(some), dtype=int)[[place for _, place in pairs]]
    return [text for text, _ in pairs], marks


if __name__ == "__main__":
    main()
