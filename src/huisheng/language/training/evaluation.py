"""Measure a model on labelled texts it has not seen, through the door every caller uses."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from huisheng.language.labeller import Model
from huisheng.language.labels import Labels
from huisheng.language.moods import LEVELS
from huisheng.language.scenes import NONE
from huisheng.language.training.corpora import MAKEUP_TO_ASPECT, Message, Review, Sentiment
from huisheng.language.training.recipe import TAUGHT

Keys = frozenset[str]


@dataclass(slots=True)
class Tally:
    """Hits, false alarms and misses by label."""

    hits: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)

    def add(self, named: Keys, true: Keys) -> None:
        """Count one text."""
        self.hits.update(named & true)
        self.alarms.update(named - true)
        self.misses.update(true - named)

    def micro_f1(self) -> float:
        """F1 over all labels together."""
        hits, errors = self.hits.total(), self.alarms.total() + self.misses.total()
        return 2 * hits / max(1, 2 * hits + errors)

    def macro_f1(self) -> float:
        """Mean F1 of the labels that occur."""
        labels = sorted(self.hits.keys() | self.misses.keys())
        return float(np.mean([self.f1(label) for label in labels])) if labels else 0.0

    def f1(self, label: str) -> float:
        """F1 of one label."""
        hits = self.hits[label]
        return 2 * hits / max(1, 2 * hits + self.alarms[label] + self.misses[label])


def compare(named: Iterable[Keys], true: Iterable[Keys]) -> Tally:
    """Tally label sets text by text."""
    tally = Tally()
    for some, wanted in zip(named, true, strict=True):
        tally.add(some, wanted)
    return tally


def sentiment_tally(model: Model, reviews: Sentiment) -> Tally:
    """Binary sentiment by `positive_p`, one label a text."""
    labels = model.label(reviews.texts)
    named = [frozenset(["positive" if p >= 0.5 else "negative"]) for p in labels.positive_p]
    true = [frozenset(["positive" if good else "negative"]) for good in reviews.positive]
    return compare(named, true)


def accuracy(tally: Tally) -> float:
    """Share of texts whose only label is right."""
    return tally.hits.total() / max(1, tally.hits.total() + tally.misses.total())


@dataclass(frozen=True, slots=True)
class AspectResult:
    """Taught aspects present, with their polarity, and whether anything is blamed."""

    present: Tally
    polar: Tally
    any_negative: Tally


def aspect_result(model: Model, reviews: Sequence[Review]) -> AspectResult:
    """Compare aspects of reviews; whether anything is blamed also asks the sentiment."""
    labels = model.label([review.text for review in reviews])
    found = [_aspects(labels, place) for place in range(len(reviews))]
    true = [
        frozenset(
            (MAKEUP_TO_ASPECT[opinion.category], opinion.polarity)
            for opinion in review.opinions
            if MAKEUP_TO_ASPECT.get(opinion.category) in TAUGHT
        )
        for review in reviews
    ]
    blamed = [
        any(polarity < 0 for _, polarity in found[place]) or labels.positive_p[place] < 0.5
        for place in range(len(reviews))
    ]
    truly = [any(opinion.polarity < 0 for opinion in review.opinions) for review in reviews]
    return AspectResult(
        compare([_names(some) for some in found], [_names(some) for some in true]),
        compare([_signed(some) for some in found], [_signed(some) for some in true]),
        compare(
            [frozenset(["any"] if yes else []) for yes in blamed],
            [frozenset(["any"] if yes else []) for yes in truly],
        ),
    )


def _aspects(labels: Labels, place: int) -> frozenset[tuple[str, int]]:
    head = labels.head("aspect")
    rows = ((head.names[head.label[row]], int(head.value[row])) for row in head.rows_of(place))
    return frozenset((name, polarity) for name, polarity in rows if name in TAUGHT)


def _names(some: frozenset[tuple[str, int]]) -> Keys:
    return frozenset(name for name, _ in some)


def _signed(some: frozenset[tuple[str, int]]) -> Keys:
    return frozenset(f"{name}{polarity:+d}" for name, polarity in some)


@dataclass(frozen=True, slots=True)
class ChatResult:
    """How often the first scene is acceptable, is the readers' first choice, and emotions."""

    accepted: float
    primary: float
    scenes: Tally
    emotion: float
    emotions: Tally
    negative: Tally


def chat_result(pairs: Sequence[tuple[Message, str, str]]) -> ChatResult:
    """Compare (message, first scene or NONE, emotion)."""
    accepted = [scene in message.accepted for message, scene, _ in pairs]
    primary = [scene == message.scene for message, scene, _ in pairs]
    felt = [emotion in message.emotions for message, _, emotion in pairs]
    return ChatResult(
        accepted=float(np.mean(accepted)),
        primary=float(np.mean(primary)),
        scenes=compare(
            [frozenset([scene]) for _, scene, _ in pairs],
            [_nearest(message.accepted, message.scene, scene) for message, scene, _ in pairs],
        ),
        emotion=float(np.mean(felt)),
        emotions=compare(
            [frozenset([emotion]) for *_, emotion in pairs],
            [_nearest(m.emotions, m.emotion, emotion) for m, _, emotion in pairs],
        ),
        negative=compare(
            [_negative(emotion) for *_, emotion in pairs],
            [_negative(message.emotion or "calm") for message, *_ in pairs],
        ),
    )


def _nearest(accepted: Keys, first: str | None, named: str) -> Keys:
    return frozenset([named if named in accepted else first or NONE])


def _negative(emotion: str) -> Keys:
    return frozenset(["negative"] if LEVELS[emotion] > 0 else [])


def chat_pairs(model: Model, messages: Sequence[Message]) -> list[tuple[Message, str, str]]:
    """Label messages with their contexts: (message, first scene or NONE, emotion)."""
    labels = model.label([m.text for m in messages], [m.context for m in messages])
    scene, emotion = labels.head("scene"), labels.head("emotion")
    found = []
    for place, message in enumerate(messages):
        rows = scene.rows_of(place)
        first = scene.names[scene.label[rows[0]]] if rows else NONE
        felt = emotion.names[emotion.label[emotion.rows_of(place)[0]]]
        found.append((message, first, felt))
    return found
