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


def train_parts(corpus: Corpus, words: Taxonomy) -> Parts:
    """Train every head on a corpus."""
    scanner = Scanner(words)
    own = [(text, polarity) for _, text, polarity in recipe.own_opinions(words) if polarity]
    texts = corpus.sentiment.texts + [text for text, _ in own]
    positive = np.concatenate(
        [corpus.sentiment.positive == 1, [polarity > 0 for _, polarity in own]]
    )
    weights = np.ones(len(texts))
    weights[len(corpus.sentiment.texts) :] = recipe.OWN_WEIGHT
    grams = text_features(scanner, texts, WIDE_BITS).grams
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
