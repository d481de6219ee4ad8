"""From corpora to a complete set of parts; evaluation calls it with part of the data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huisheng.language.labeller import Model
from huisheng.language.modelfile import Parts
from huisheng.language.scan import Scanner
from huisheng.language.scenes import NONE
from huisheng.language.talk import TalkRule
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.training import conversations, corpora, feelings, recipe
from huisheng.language.training.conversations import Conversation
from huisheng.language.training.corpora import Message, Review, Sentiment
from huisheng.language.training.dangers import train_dangers
from huisheng.language.training.fitting import fit_rows

ACCIDENT = "POST19"
ONE_PLEASED_IN = 8
"""One pleased review in so many tells the head of dangers what is none."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything labelled: `laptops` only measure, the rest teaches."""

    sentiment: Sentiment
    reviews: Sequence[Review]
    gold: Sequence[Message]
    annotated: Sequence[Message]
    talks: Sequence[Conversation]
    laptops: Sequence[Review]


def read_corpus(data: Path) -> Corpus:
    """Read all labelled sets of a data folder."""
    gold = corpora.read_gold(data)
    return Corpus(
        corpora.read_sentiment(data),
        corpora.read_reviews(data),
        gold,
        corpora.read_annotated(data, without=gold),
        [*conversations.read_helpdesk(data), *conversations.read_rated(data)],
        corpora.read_laptops(data),
    )


def keep_sentiment(some: Sentiment, keep: NDArray[np.bool_]) -> Sentiment:
    """Return the reviews that `keep` marks."""
    texts = [text for text, kept in zip(some.texts, keep, strict=True) if kept]
    return Sentiment(texts, some.positive[keep], some.category[keep])


def train_parts(corpus: Corpus, words: Taxonomy) -> Parts:
    """Train every head on a corpus."""
    scanner = Scanner(words)
    clauses = recipe.clause_data(
        scanner, words, corpus.reviews, recipe.short_moods(corpus.sentiment)
    )
    held_out = recipe.held_out_clauses(clauses)
    known = feelings.gather(corpus.sentiment, corpus.reviews, words)
    sentiment, pleased = feelings.train_sentiment(known, corpus.reviews)
    blame = feelings.train_blame(corpus.reviews, pleased, held_out.scores, held_out.owner)
    names = (*words.scenes, NONE)
    chat, scene_rule = recipe.train_conversation(
        scanner, [*corpus.gold, *corpus.annotated], quiet_and_own(corpus, words), names
    )
    parts = Parts(
        sentiment=sentiment,
        blame=blame.head,
        blame_rule=blame.rule,
        aspects=fit_rows(clauses.features, clauses.targets, recipe.ASPECT_STRENGTH),
        chat=chat,
        aspect_outputs=recipe.ASPECT_OUTPUTS,
        scene_names=names,
        emotion_names=recipe.EMOTIONS,
        text_cues=scanner.text_names,
        clause_cues=scanner.clause_names,
        aspect_rule=recipe.aspect_rule(
            held_out, blame.held_out, corpus.reviews, words, scanner.clause_names
        ),
        scene_rule=scene_rule,
        dangers=train_dangers(scanner, quiet_texts(corpus, words))[0],
        talk=TalkRule.silent(),
    )
    return replace(parts, talk=conversations.train_talk(corpus.talks, Model(parts, words)))


def quiet_texts(corpus: Corpus, words: Taxonomy) -> list[str]:
    """Return texts that signal no danger: chats, our own sentences, and pleased reviews."""
    taught = [*corpus.gold, *corpus.annotated, *quiet_and_own(corpus, words)]
    said = [message.text for message in taught if message.scene != ACCIDENT]
    pleased = zip(corpus.sentiment.texts, corpus.sentiment.positive, strict=True)
    some = [text for text, positive in pleased if positive][::ONE_PLEASED_IN]
    return list(dict.fromkeys([*said, *some]))


def quiet_and_own(corpus: Corpus, words: Taxonomy) -> list[Message]:
    """What teaches scenes besides chats: our own sentences, and reviews that ask nothing."""
    return [
        *corpora.own_messages(words),
        *corpora.unasking_messages(),
        *corpora.quiet_reviews(corpus.sentiment),
    ]
