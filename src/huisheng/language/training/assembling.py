"""From corpora to a complete set of parts; evaluation calls it with part of the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huisheng.language.modelfile import Parts
from huisheng.language.scan import Scanner
from huisheng.language.scenes import NONE
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.training import corpora, recipe
from huisheng.language.training.corpora import Message, Review, Sentiment
from huisheng.language.training.fitting import WIDE_BITS
from huisheng.language.training.matrix import text_features


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything labelled that training reads."""

    sentiment: Sentiment
    reviews: Sequence[Review]
    gold: Sequence[Message]
    annotated: Sequence[Message]


def read_corpus(data: Path) -> Corpus:
    """Read all labelled sets of a data folder."""
    gold = corpora.read_gold(data)
    return Corpus(
        corpora.read_sentiment(data),
        corpora.read_reviews(data),
        gold,
        corpora.read_annotated(data, without=gold),
    )


def keep_sentiment(some: Sentiment, keep: NDArray[np.bool_]) -> Sentiment:
    """Return the reviews that `keep` marks."""
    texts = [text for text, kept in zip(some.texts, keep, strict=True) if kept]
    return Sentiment(texts, some.positive[keep], some.category[keep])


def _feelings(corpus: Corpus, words: Taxonomy) -> list[tuple[str, bool, float]]:
    """What the sentiment head learns from: (text, positive, weight).

    A review with opinions counts as negative once anything in it is blamed.
    """
    found = [
        (text, bool(good), 1.0)
        for text, good in zip(corpus.sentiment.texts, corpus.sentiment.positive, strict=True)
    ]
    for review in corpus.reviews:
        polarities = {opinion.polarity for opinion in review.opinions}
        if polarities & {1, -1}:
            found.append((review.text, -1 not in polarities, 1.0))
    found += [
        (text, polarity > 0, recipe.OWN_WEIGHT)
        for _, text, polarity in recipe.own_opinions(words)
        if polarity
    ]
    return found


def train_parts(corpus: Corpus, words: Taxonomy) -> Parts:
    """Train every head on a corpus."""
    scanner = Scanner(words)
    feelings = _feelings(corpus, words)
    grams = text_features(scanner, [text for text, *_ in feelings], WIDE_BITS).grams
    positive = np.array([good for _, good, _ in feelings])
    weights = np.array([weight for *_, weight in feelings])
    moods = recipe.short_moods(corpus.sentiment)
    clauses = recipe.clause_data(scanner, words, corpus.reviews, moods)
    aspects, aspect_rule = recipe.train_aspects(clauses, corpus.reviews)
    names = (*words.scenes, NONE)
    chat, scene_rule = recipe.train_conversation(
        scanner, [*corpus.gold, *corpus.annotated], corpora.own_messages(words), names
    )
    return Parts(
        sentiment=recipe.train_sentiment(grams, positive, weights),
        aspects=aspects,
        chat=chat,
        aspect_outputs=recipe.ASPECT_OUTPUTS,
        scene_names=names,
        emotion_names=recipe.EMOTIONS,
        text_cues=scanner.text_names,
        clause_cues=scanner.clause_names,
        aspect_rule=aspect_rule,
        scene_rule=scene_rule,
    )
