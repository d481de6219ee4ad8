"""What each head learns from which data: the recipe that both training and evaluation follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from huisheng.language.aspects import NEGATIVE, POSITIVE, AspectJudge, AspectRule
from huisheng.language.cues import Clauses
from huisheng.language.encoding import encode
from huisheng.language.heads import RowHead
from huisheng.language.scan import Scanner
from huisheng.language.scenes import (
    CUES_READ,
    NONE,
    VIEWS,
    Evidence,
    SceneRule,
    features,
    views,
)
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.training.corpora import MAKEUP_TO_ASPECT, Message, Review, Sentiment
from huisheng.language.training.fitting import (
    MOST_ROWS,
    Bools,
    Doubles,
    Strength,
    Targets,
    best_threshold,
    fit_choice,
    fit_rows,
    platt,
    row_scores,
)
from huisheng.language.training.matrix import Features, clause_features, text_features

FOLDS = 4
THANKS = "ANY02"
TAUGHT = ("C02", "L02", "L06", "P02", "P05", "P06", "P09")
"""Aspects with enough labelled reviews for a supervised head; cues alone speak for the others."""
AT_HOME_ONLY = {"L06": "P04", "L02": "P02"}
"""Aspect of make-up reviews, and what its words mean for other goods where no cue says otherwise.

颜值 is the looks of a box of make-up and of any other thing itself; 速度快 is a courier there, and
a computer or a kettle elsewhere.
"""
ASPECT_OUTPUTS = (*TAUGHT, NEGATIVE, POSITIVE)
EMOTIONS = ("calm", "anxious", "complaining", "angry", "positive")
ASPECT_STRENGTH = Strength(inverse=10, cues=0.5, grams=0.2, fewest=2, most=MOST_ROWS)
CHAT_STRENGTH = Strength(inverse=10, cues=0.7, grams=0.4, fewest=2, most=24_000)
SENTIMENT_INVERSE = 0.02
OWN_WEIGHT = 4.0


def folds(size: int, count: int = FOLDS) -> NDArray[np.int64]:
    """A fixed random fold for each of `size` items."""
    return np.random.default_rng(0).permutation(size) % count


def own_opinions(taxonomy: Taxonomy) -> list[tuple[str, str, int]]:
    """Our own polar sentences: (aspect, text, polarity)."""
    return [
        (aspect.id, text, polarity)
        for aspect in taxonomy.aspects.values()
        for polarity, text in aspect.examples
    ]


def short_moods(reviews: Sentiment) -> list[tuple[str, bool]]:
    """Reviews of a single clause: whether they please holds for the clause."""
    return [
        (text, bool(positive))
        for text, positive in zip(reviews.texts, reviews.positive, strict=True)
        if len(text) <= 30 and not any(letter in _ENDS for letter in text.rstrip(_ENDS))
    ]


# --- aspects ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClauseData:
    """Clauses of reviews, our sentences and short labelled reviews, ready to fit."""

    features: Features
    targets: Targets
    reviews: int


def clause_data(
    scanner: Scanner,
    taxonomy: Taxonomy,
    reviews: Sequence[Review],
    moods: Sequence[tuple[str, bool]],
) -> ClauseData:
    """Cut everything into clauses and label them.

    Args:
        scanner: the scanner of the taxonomy.
        taxonomy: gives our own sentences.
        reviews: make-up reviews with placed opinions.
        moods: (text, positive) of short reviews that teach polarity only.
    """
    own = own_opinions(taxonomy)
    texts = [review.text for review in reviews]
    texts += [text for _, text, _ in own] + [text for text, _ in moods]
    found = clause_features(scanner, texts)
    wanted = {name: np.zeros(len(found.owner), dtype=bool) for name in ASPECT_OUTPUTS}
    weights = {name: np.zeros(len(found.owner)) for name in ASPECT_OUTPUTS}
    _label_reviews(reviews, found, wanted, weights)
    _forget_home(scanner.clause_names, found, wanted, weights)
    for place, (aspect, _, polarity) in enumerate(own, len(reviews)):
        rows = found.owner == place
        _set(wanted, weights, rows, {aspect}, polarity, OWN_WEIGHT)
        for name in set(TAUGHT) - {aspect}:
            weights[name][rows] = OWN_WEIGHT
    for place, (_, positive) in enumerate(moods, len(reviews) + len(own)):
        rows = found.owner == place
        _set(wanted, weights, rows, set(), 1 if positive else -1, 0.5)
    return ClauseData(found, Targets(wanted, weights), len(reviews))


def _set(
    wanted: dict[str, Bools],
    weights: dict[str, Doubles],
    rows: Bools,
    aspects: set[str],
    polarity: int,
    weight: float,
) -> None:
    for name in aspects & set(TAUGHT):
        wanted[name][rows] = True
        weights[name][rows] = weight
    wanted[POSITIVE][rows] = polarity > 0
    wanted[NEGATIVE][rows] = polarity < 0
    weights[POSITIVE][rows] = weights[NEGATIVE][rows] = weight


def _forget_home(
    names: Sequence[str],
    found: Features,
    wanted: dict[str, Bools],
    weights: dict[str, Doubles],
) -> None:
    """Unteach what a clause means only where make-up is talked of."""
    for aspect, elsewhere in AT_HOME_ONLY.items():
        own, other = (
            found.cues[:, [names.index(which + sign) for sign in "-+="]].any(axis=1)
            for which in (aspect, elsewhere)
        )
        weights[aspect][wanted[aspect] & other & ~own] = 0.0


def _label_reviews(
    reviews: Sequence[Review],
    found: Features,
    wanted: dict[str, Bools],
    weights: dict[str, Doubles],
) -> None:
    first = np.searchsorted(found.owner, np.arange(len(reviews) + 1))
    for place, review in enumerate(reviews):
        start, stop = int(first[place]), int(first[place + 1])
        for name in TAUGHT:
            weights[name][start:stop] = 1.0
        ends = _clause_ends(review.text)
        for opinion in review.opinions:
            if opinion.start < 0:
                continue
            row = min(start + int(np.searchsorted(ends, opinion.start, side="right")), stop - 1)
            aspect = MAKEUP_TO_ASPECT.get(opinion.category)
            if aspect in TAUGHT:
                wanted[aspect][row] = True
            wanted[POSITIVE][row] |= opinion.polarity > 0
            wanted[NEGATIVE][row] |= opinion.polarity < 0
            weights[POSITIVE][row] = weights[NEGATIVE][row] = 1.0


def _clause_ends(text: str) -> NDArray[np.int64]:
    """Offsets in a text at which its second, third, … clause begins."""
    return np.array([place for place, letter in enumerate(text) if letter in _ENDS])


_ENDS = "，。、！？；：,.!?;:~～ …　\n\t\xa0"


def true_aspects(reviews: Sequence[Review]) -> dict[str, Bools]:
    """Whether each review speaks of each taught aspect."""
    named = [{MAKEUP_TO_ASPECT.get(o.category) for o in review.opinions} for review in reviews]
    return {aspect: np.array([aspect in names for names in named]) for aspect in TAUGHT}


def pooled(scores: NDArray[np.float32], owner: NDArray[np.int64], size: int) -> Doubles:
    """Highest clause score of each of the first `size` texts, float64[size, k]."""
    best = np.full((size, scores.shape[1]), -30.0)
    rows = owner < size
    np.maximum.at(best, owner[rows], scores[rows].astype(np.float64))
    return best


@dataclass(frozen=True, slots=True)
class HeldOutClauses:
    """Clauses of the reviews scored by heads that have not seen them.

    Attributes:
        scores: float32[m, k], columns as `ASPECT_OUTPUTS`.
        owner: int64[m] review of each clause.
        cues: bool[c, m].
        reviews: number of reviews.
    """

    scores: NDArray[np.float32]
    owner: NDArray[np.int64]
    cues: Bools
    reviews: int

    def pooled(self) -> Doubles:
        """Highest clause score of each review."""
        return pooled(self.scores, self.owner, self.reviews)


def held_out_clauses(data: ClauseData) -> HeldOutClauses:
    """Score the reviews' clauses fold by fold."""
    fold = folds(data.reviews)
    own = data.features.owner >= data.reviews
    number_of = np.where(own, -1, fold[np.minimum(data.features.owner, data.reviews - 1)])
    found = np.zeros((int((~own).sum()), len(ASPECT_OUTPUTS)), dtype=np.float32)
    for number in range(FOLDS):
        head = fit_rows(
            _rows(data.features, number_of != number),
            _some(data.targets, number_of != number),
            ASPECT_STRENGTH,
        )
        tested = number_of == number
        found[tested[~own]] = row_scores(head, _rows(data.features, tested))
    cues = data.features.cues[~own].T > 0
    return HeldOutClauses(found, data.features.owner[~own], cues, data.reviews)


LEANS = (0.4, 0.8, 1.2)
POLARS = (0.1, 0.5, 1.0)
TOLDS = (1.0, 2.0, 4.0)
LEVELS = (0.0, 1.0, 2.0)
"""What the polarity rule is chosen from.

A greater lean serves make-up reviews, which seldom praise one thing and blame another; it would
make blame of «客服态度好» in «客服态度好，东西垃圾».
"""


def aspect_rule(
    held_out: HeldOutClauses,
    blame: NDArray[np.float32],
    reviews: Sequence[Review],
    taxonomy: Taxonomy,
    cue_names: Sequence[str],
) -> AspectRule:
    """Calibrate the aspects, then choose how strongly a clause must feel to be polar.

    Args:
        held_out: clause scores.
        blame: float32[n] held-out log-odds that a review blames anything.
        reviews: the reviews.
        taxonomy: names all aspects.
        cue_names: names of the clause cues.
    """
    best = held_out.pooled()
    truth = true_aspects(reviews)
    slopes, offsets, thresholds = {}, {}, {}
    for place, aspect in enumerate(TAUGHT):
        slope, offset = platt(best[:, place], truth[aspect])
        chances = 1 / (1 + np.exp(-(best[:, place] * slope + offset)))
        slopes[aspect], offsets[aspect] = slope, offset
        thresholds[aspect] = best_threshold(chances, truth[aspect])
    signed = true_polarities(reviews)
    clauses = Clauses(
        np.arange(len(held_out.owner), dtype=np.int32), held_out.owner.astype(np.int32)
    )
    tried = [
        AspectRule(slopes, offsets, thresholds, *numbers)
        for numbers in product(POLARS, LEANS, TOLDS, LEVELS)
    ]

    def f1(rule: AspectRule) -> float:
        judge = AspectJudge(tuple(taxonomy.aspects), ASPECT_OUTPUTS, cue_names, rule)
        view = judge.judge(held_out.scores, held_out.cues, clauses, blame)
        column = [judge.aspects.index(aspect) for aspect in TAUGHT]
        signs = np.array([-1, 0, 1], dtype=np.int8)
        named = view.chosen[:, column, None] & (view.polarity[:, column, None] == signs)
        return float(2 * (named & signed).sum() / (named.sum() + signed.sum()))

    return max(tried, key=f1)


def true_polarities(reviews: Sequence[Review]) -> Bools:
    """Return bool[n, a, 3]: taught aspects said to be bad, neither, good."""
    found = np.zeros((len(reviews), len(TAUGHT), 3), dtype=bool)
    for place, review in enumerate(reviews):
        for opinion in review.opinions:
            aspect = MAKEUP_TO_ASPECT.get(opinion.category)
            if aspect in TAUGHT:
                found[place, TAUGHT.index(aspect), opinion.polarity + 1] = True
    return found


def _rows(some: Features, keep: Bools) -> Features:
    return Features(some.grams[keep], some.cues[keep], some.owner[keep])


def _some(targets: Targets, keep: Bools) -> Targets:
    return Targets(
        {name: wanted[keep] for name, wanted in targets.wanted.items()},
        {name: weights[keep] for name, weights in targets.weights.items()},
    )


# --- scenes and emotion -------------------------------------------------------------------------


def train_chat(scanner: Scanner, messages: Sequence[Message], names: Sequence[str]) -> RowHead:
    """Fit the head that scores scenes, then emotions, of one stretch of text."""
    found = text_features(scanner, [message.text for message in messages])
    scenes = np.array([message.scene or "" for message in messages])
    emotions = np.array([message.emotion or "" for message in messages])
    given = np.array([message.weight for message in messages])
    wanted = {name: scenes == name for name in names}
    weights = {name: given * (scenes != "") for name in names}
    wanted |= {f"emotion {name}": emotions == name for name in EMOTIONS}
    weights |= {f"emotion {name}": given * (emotions != "") for name in EMOTIONS}
    return fit_rows(found, Targets(wanted, weights), CHAT_STRENGTH)


def chat_scores(
    scanner: Scanner, head: RowHead, messages: Sequence[Message], names: Sequence[str]
) -> tuple[Evidence, NDArray[np.float32]]:
    """Return (second-stage evidence, emotion scores) of messages with their contexts."""
    stretches = [views(message.text, message.context) for message in messages]
    every = list(dict.fromkeys(text for found in stretches for text in found.values()))
    place = {text: row for row, text in enumerate(every)}
    found = text_features(scanner, every)
    scores = row_scores(head, found)
    rows = {
        view: np.array([place[part[view]] if view in part else -1 for part in stretches])
        for view in VIEWS
    }
    own = rows["message"]
    column = {name: scanner.text_names.index(f"@{name}") for name in CUES_READ}
    evidence = Evidence(
        logits={view: scores[row][:, : len(names)] for view, row in rows.items()},
        present={view: row >= 0 for view, row in rows.items()},
        lengths=encode([message.text for message in messages]).lengths,
        cues={name: found.cues[own, at] > 0 for name, at in column.items()},
    )
    return evidence, scores[own][:, len(names) :]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """First-stage results of messages by heads that have not seen them."""

    inputs: NDArray[np.float32]
    emotions: NDArray[np.float32]
    fold: NDArray[np.int64]


def held_out_chat(
    scanner: Scanner,
    messages: Sequence[Message],
    always: Sequence[Message],
    names: Sequence[str],
) -> HeldOut:
    """Score `messages` fold by fold; `always` is in every training set."""
    fold = folds(len(messages), 5)
    inputs: NDArray[np.float32] | None = None
    emotions = np.zeros((len(messages), len(EMOTIONS)), dtype=np.float32)
    for number in range(5):
        seen = [m for m, where in zip(messages, fold, strict=True) if where != number]
        test = [m for m, where in zip(messages, fold, strict=True) if where == number]
        head = train_chat(scanner, [*seen, *always], names)
        evidence, moods = chat_scores(scanner, head, test, names)
        part = features(evidence, names.index(NONE), names.index(THANKS))
        if inputs is None:
            inputs = np.zeros((len(messages), *part.shape[1:]), dtype=np.float32)
        inputs[fold == number] = part
        emotions[fold == number] = moods
    assert inputs is not None
    return HeldOut(inputs, emotions, fold)


def train_choice(held_out: HeldOut, messages: Sequence[Message], names: Sequence[str]) -> SceneRule:
    """Fit the second stage on held-out first-stage scores."""
    place = {name: column for column, name in enumerate(names)}
    wanted = np.array([place[message.scene or NONE] for message in messages])
    given = np.array([message.weight for message in messages])
    weights = fit_choice(held_out.inputs, wanted, given, ridge=1.0)
    return SceneRule(weights, least=0.2, share=0.5)


def train_conversation(
    scanner: Scanner,
    messages: Sequence[Message],
    always: Sequence[Message],
    names: Sequence[str],
) -> tuple[RowHead, SceneRule]:
    """Train first and second stage; `messages` teach both, `always` only the first."""
    held_out = held_out_chat(scanner, messages, always, names)
    rule = train_choice(held_out, messages, names)
    return train_chat(scanner, [*messages, *always], names), rule
