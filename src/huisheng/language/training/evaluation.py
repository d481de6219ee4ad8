"""Measure a model on labelled texts it has not seen, through the door every caller uses."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from huisheng.language.dissatisfaction import Dissatisfaction
from huisheng.language.labeller import Model
from huisheng.language.labels import Labels
from huisheng.language.licence import POLARITIES
from huisheng.language.moods import LEVELS
from huisheng.language.scenes import NONE
from huisheng.language.training.conversations import Conversation, dissatisfied
from huisheng.language.training.corpora import (
    MAKEUP_TO_ASPECT,
    ONE_TO_READERS,
    READ_LAPTOPS,
    Message,
    Review,
    Sentiment,
)
from huisheng.language.training.recipe import TAUGHT

Keys = frozenset[str]
Opinions = frozenset[tuple[str, int]]
BINS = 20


@dataclass(slots=True)
class Tally:
    """Hits, false alarms and misses by label, over so many texts."""

    hits: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    texts: int = 0

    def add(self, named: Keys, true: Keys) -> None:
        """Count one text."""
        self.texts += 1
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


@dataclass(frozen=True, slots=True)
class SentimentResult:
    """Binary sentiment of held-out reviews.

    Attributes:
        tally: one label a text.
        sure: accuracy on the surest four fifths.
        calibration: expected calibration error over twenty bins of confidence.
    """

    tally: Tally
    sure: float
    calibration: float


def sentiment_result(model: Model, reviews: Sentiment) -> SentimentResult:
    """Measure sentiment by `positive_p`."""
    chance = model.label(reviews.texts).positive_p
    wanted = reviews.positive == 1
    right = (chance >= 0.5) == wanted
    named = [frozenset(["positive" if p >= 0.5 else "negative"]) for p in chance]
    true = [frozenset(["positive" if good else "negative"]) for good in wanted]
    confidence = np.maximum(chance, 1 - chance)
    surest = np.argsort(-confidence, kind="stable")[: round(len(right) * 0.8)]
    return SentimentResult(
        compare(named, true), float(right[surest].mean()), calibration_error(confidence, right)
    )


def calibration_error(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Mean gap between confidence and accuracy over bins, weighted by size (Naeini 2015)."""
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    total = np.bincount(bins, minlength=BINS)
    hits = np.bincount(bins, right, minlength=BINS)
    sums = np.bincount(bins, confidence, minlength=BINS)
    used = total > 0
    return float(np.abs(hits - sums)[used].sum() / len(right))


def accuracy(tally: Tally) -> float:
    """Share of texts whose only label is right."""
    return tally.hits.total() / max(1, tally.hits.total() + tally.misses.total())


@dataclass(frozen=True, slots=True)
class AspectResult:
    """Taught aspects present, with their polarity, and whether anything is blamed.

    `shown` is blame as the labels alone show it: a negative aspect or a negative sentiment.
    `tones` counts each aspect that was rightly named, where readers heard one polarity in it, as
    a text of its own by that polarity.
    """

    present: Tally
    polar: Tally
    blamed: Tally
    shown: Tally
    tones: Tally = field(default_factory=Tally)


def aspect_result(model: Model, reviews: Sequence[Review]) -> AspectResult:
    """Compare aspects of reviews, and whether anything is blamed."""
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
    shown = [
        any(polarity < 0 for _, polarity in found[place]) or labels.positive_p[place] < 0.5
        for place in range(len(reviews))
    ]
    truly = [any(opinion.polarity < 0 for opinion in review.opinions) for review in reviews]
    return AspectResult(
        compare([_names(some) for some in found], [_names(some) for some in true]),
        compare([_signed(some) for some in found], [_signed(some) for some in true]),
        yes_or_no(labels.blamed_p >= 0.5, truly),
        yes_or_no(shown, truly),
        tones(found, true),
    )


def tones(found: Sequence[Opinions], true: Sequence[Opinions]) -> Tally:
    """Tally the polarity of every aspect that both sides named, where the readers heard one."""
    tally = Tally()
    for some, wanted in zip(found, true, strict=True):
        for name in sorted(_names(some) & _names(wanted)):
            heard = _toned(wanted, name)
            if len(heard) == 1:
                tally.add(_toned(some, name), heard)
    return tally


ENOUGH = 10
"""Reviews that must speak of an aspect before its F1 counts in a mean over few reviews."""


@dataclass(frozen=True, slots=True)
class ElsewhereResult:
    """Aspects of a product kind that taught nothing: of all its reviews, and of the unread ones."""

    every: Tally
    unread: Tally


def elsewhere_result(found: Sequence[Keys], reviews: Sequence[Review]) -> ElsewhereResult:
    """Compare named aspects with laptop reviews, whose categories are ids of aspects.

    Aspects that the readers were not asked for are left out of both sides.
    """
    true = [frozenset(opinion.category for opinion in review.opinions) for review in reviews]
    asked = frozenset[str]().union(*true)
    named = [frozenset(ONE_TO_READERS.get(name, name) for name in some) & asked for some in found]
    unread = slice(READ_LAPTOPS, None)
    return ElsewhereResult(compare(named, true), compare(named[unread], true[unread]))


def named_aspects(model: Model, reviews: Sequence[Review]) -> list[Keys]:
    """Return the ids of all aspects of each review."""
    head = model.label([review.text for review in reviews]).head("aspect")
    return [
        frozenset(head.names[head.label[row]] for row in head.rows_of(place))
        for place in range(len(reviews))
    ]


def common_macro_f1(tally: Tally) -> float:
    """Mean F1 of the labels that at least `ENOUGH` texts have."""
    common = [name for name in tally.hits | tally.misses if _known(tally, name) >= ENOUGH]
    return float(np.mean([tally.f1(name) for name in sorted(common)])) if common else 0.0


def _known(tally: Tally, label: str) -> int:
    return tally.hits[label] + tally.misses[label]


def _toned(some: Opinions, aspect: str) -> Keys:
    return frozenset(POLARITIES[polarity] for name, polarity in some if name == aspect)


def yes_or_no(named: Iterable[bool], true: Iterable[bool]) -> Tally:
    """Tally one yes-or-no label, called `any`."""
    return compare(
        [frozenset(["any"] if yes else []) for yes in named],
        [frozenset(["any"] if yes else []) for yes in true],
    )


def _aspects(labels: Labels, place: int) -> Opinions:
    head = labels.head("aspect")
    rows = ((head.names[head.label[row]], int(head.value[row])) for row in head.rows_of(place))
    return frozenset((name, polarity) for name, polarity in rows if name in TAUGHT)


def _names(some: Opinions) -> Keys:
    return frozenset(name for name, _ in some)


def _signed(some: Opinions) -> Keys:
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


@dataclass(frozen=True, slots=True)
class TalkResult:
    """Areas under the ROC curve of held-out conversations, and how many there were.

    Attributes:
        judged: of the helpdesk's marks below zero: satisfaction, task, conduct.
        session: of `p` on rated sessions.
        turn: of turns rated dissatisfied.
        sizes: judged conversations, rated sessions, rated turns.
        left: rated sessions by whether `p` and the rating say that the buyer left dissatisfied.
    """

    judged: tuple[float, float, float]
    session: float
    turn: float
    sizes: tuple[int, int, int]
    left: Tally = field(default_factory=Tally)


def talk_result(
    some: Sequence[Conversation],
    found: Sequence[tuple[NDArray[np.int64], Dissatisfaction]],
) -> TalkResult:
    """Compare judgements with marks.

    Args:
        some: all conversations.
        found: per part: places of its conversations in `some`, and their judgement.
    """
    order = np.concatenate([place for place, _ in found])
    ordered = [some[place] for place in order.tolist()]
    p = np.concatenate([part.p for _, part in found])
    unsolved = np.concatenate([part.unsolved_p for _, part in found])
    ineffective = np.concatenate([part.ineffective_p for _, part in found])
    turn = np.concatenate([part.turn_p for _, part in found])
    marked = np.array([one.judgements is not None for one in ordered])
    marks = np.array([one.judgements for one in ordered if one.judgements is not None]) < 0
    rated = ~marked & ~np.isnan(dissatisfied(ordered))
    left = dissatisfied(ordered)
    rating = np.array([rating for one in ordered for rating in one.ratings])
    known = rating >= 0
    return TalkResult(
        (
            area(p[marked], marks[:, 0]),
            area(unsolved[marked], marks[:, 1]),
            area(ineffective[marked], marks[:, 2]),
        ),
        area(p[rated], left[rated] == 1),
        area(turn[known], rating[known] == 0),
        (int(marked.sum()), int(rated.sum()), int(known.sum())),
        yes_or_no(p[rated] >= 0.5, left[rated] == 1),
    )


def area(scores: NDArray[np.floating], wanted: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: the chance that a marked one scores above an unmarked one."""
    ranks = rankdata(scores)
    yes = int(wanted.sum())
    return float((ranks[wanted].sum() - yes * (yes + 1) / 2) / max(1, yes * (len(wanted) - yes)))
