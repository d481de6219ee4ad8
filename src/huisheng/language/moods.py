"""Sentiment of a text and emotion of its writer, from scores to labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.aspects import AspectView
from huisheng.language.heads import Floats, sigmoid

SENTIMENTS = ("negative", "neutral", "positive")
ESCALATING = "escalating"
LEVELS = {"calm": 0, "anxious": 1, "complaining": 2, "angry": 3, "escalating": 4, "positive": -1}
"""Emotion levels; a content buyer is below calm."""
_LEAST_LEVEL_TO_ESCALATE = 2
_PLEASED = np.float32(0.7)
"""Chance of positive from which a text that praises something is taken at its word."""


@dataclass(frozen=True, slots=True)
class Mood:
    """Per text: sentiment index into `SENTIMENTS`, its probability, and the chance of positive."""

    sentiment: NDArray[np.int64]
    p: Floats
    positive_p: Floats


def sentiment_of(
    logits: Floats, aspects: AspectView, calm: NDArray[np.bool_], asks: NDArray[np.bool_]
) -> Mood:
    """Decide sentiment.

    A text is neutral when nothing polar was found in it, its writer is calm, and it either asks
    something or leaves the head undecided.

    Args:
        logits: float32[n] of the sentiment head.
        aspects: aspects found.
        calm: bool[n] whether the writer's emotion is calm.
        asks: bool[n] whether the text asks something.
    """
    positive = sigmoid(logits)
    polar = ((aspects.polarity != 0) & aspects.chosen).any(axis=1)
    neutral = calm & ~polar & (asks | (np.abs(logits) < 1))
    side = np.where(positive >= 0.5, 2, 0)
    p = np.where(neutral, 1 - np.abs(2 * positive - 1), np.maximum(positive, 1 - positive))
    return Mood(np.where(neutral, 1, side), p.astype(np.float32), positive)


def contented(
    mood: Mood,
    blame: Floats,
    aspects: AspectView,
    levels: NDArray[np.int64],
    asks: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return bool[n]: texts that praise and blame nothing, so no complaint can be meant.

    Args:
        mood: sentiment.
        blame: float32[n] log-odds that something is blamed.
        aspects: aspects found.
        levels: int64[n] emotion level.
        asks: bool[n] whether the text asks something.
    """
    praised = ((aspects.polarity > 0) & aspects.chosen).any(axis=1)
    faulted = ((aspects.polarity < 0) & aspects.chosen).any(axis=1)
    pleased = (mood.positive_p >= _PLEASED) & (praised | (levels < 0)) & (blame < 0)
    content: NDArray[np.bool_] = pleased & ~faulted & ~asks & (levels <= 0)
    return content


def emotions_of(
    logits: Floats, names: Sequence[str], severity: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats]:
    """Return (emotion int64[n] into `names` with `escalating` appended, probability float32[n]).

    Args:
        logits: float32[n, e] one-against-rest scores of `names`.
        names: emotions the head knows.
        severity: int64[n] highest risk severity of the text, 0 where none.
    """
    chances = sigmoid(logits)
    chances = chances / chances.sum(axis=1, keepdims=True)
    best = np.argmax(chances, axis=1)
    p = np.take_along_axis(chances, best[:, None], axis=1)[:, 0]
    level = np.array([LEVELS[name] for name in names])[best]
    escalates = (level >= _LEAST_LEVEL_TO_ESCALATE) & (severity >= 3)
    return np.where(escalates, len(names), best), p
