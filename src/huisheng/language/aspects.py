"""Which aspects a text speaks of and how: the linear head and the word cues, clause by clause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.blame import SURE
from huisheng.language.cues import Clauses
from huisheng.language.heads import Floats, sigmoid

Flags = NDArray[np.bool_]
RULE_P = np.float32(0.8)
"""Probability given to a polar cue where no supervised head knows the aspect."""
TOPIC_P = np.float32(0.55)
"""The same for a mere mention."""
NEGATIVE, POSITIVE = "negative", "positive"
"""Outputs of the head that judge a clause's polarity."""


@dataclass(frozen=True, slots=True)
class AspectRule:
    """How logits become labels.

    Attributes:
        slopes: Platt slope by aspect the head knows.
        offsets: Platt offset likewise.
        thresholds: least probability likewise.
        polar: least clause mood for a topic's clause to count as polar.
        lean: how far blame anywhere in a text moves the mood of its clauses.
    """

    slopes: Mapping[str, float]
    offsets: Mapping[str, float]
    thresholds: Mapping[str, float]
    polar: float
    lean: float


@dataclass(frozen=True, slots=True)
class AspectView:
    """Aspects of n texts, each array [n, a]: probability, polarity, chosen, by a rule."""

    p: Floats
    polarity: NDArray[np.int8]
    chosen: Flags
    ruled: Flags


class AspectJudge:
    """Joins head and cues.

    Args:
        aspects: ids of all aspects, in the order of the result.
        outputs: names of the head's outputs.
        cue_names: names of the clause cue columns (`<id>-`, `<id>+`, `<id>=`).
        rule: calibration and thresholds.
    """

    def __init__(
        self,
        aspects: Sequence[str],
        outputs: Sequence[str],
        cue_names: Sequence[str],
        rule: AspectRule,
    ) -> None:
        self.aspects = tuple(aspects)
        self._rule = rule
        self._column = {name: place for place, name in enumerate(outputs)}
        self._cue = {name: place for place, name in enumerate(cue_names)}

    def judge(self, logits: Floats, cues: Flags, clauses: Clauses, blame: Floats) -> AspectView:
        """Judge n texts.

        Args:
            logits: float32[m, k] of the head for every clause.
            cues: bool[c, m] clause cues.
            clauses: whose clauses they are.
            blame: float32[n] log-odds that a text blames anything.
        """
        lean = np.clip(blame, -SURE, SURE) * np.float32(self._rule.lean)
        mood = logits[:, self._column[POSITIVE]] - logits[:, self._column[NEGATIVE]]
        mood = mood - lean[clauses.owner]
        shape = (len(self.aspects), len(blame))
        p = np.zeros(shape, dtype=np.float32)
        votes = np.zeros(shape, dtype=np.int32)
        ruled = np.zeros(shape, dtype=bool)
        for place, aspect in enumerate(self.aspects):
            bad, good, topic = (cues[self._cue[aspect + sign]] for sign in "-+=")
            cued = np.where(bad | good, RULE_P, np.where(topic, TOPIC_P, np.float32(0)))
            chance = self._chance(aspect, logits, cued)
            named = np.flatnonzero(chance >= self._threshold(aspect))
            text = clauses.owner[named]
            np.maximum.at(p[place], text, chance[named])
            best = named[chance[named] >= p[place][text]]
            text = clauses.owner[best]
            np.add.at(votes[place], text, _votes(bad[best], good[best], mood[best], self._rule))
            ruled[place, text] = cued[best] >= chance[best]
        return AspectView(p.T, np.sign(votes).astype(np.int8).T, p.T > 0, ruled.T)

    def _chance(self, aspect: str, logits: Floats, cued: Floats) -> Floats:
        if aspect not in self._rule.slopes:
            return cued
        slope = np.float32(self._rule.slopes[aspect])
        offset = np.float32(self._rule.offsets[aspect])
        return sigmoid(logits[:, self._column[aspect]] * slope + offset)

    def _threshold(self, aspect: str) -> np.float32:
        return np.float32(self._rule.thresholds.get(aspect, 0.5))


def _votes(bad: Flags, good: Flags, mood: Floats, rule: AspectRule) -> NDArray[np.int32]:
    """Polarity of each clause: its cue, else its mood where that is strong."""
    felt = np.where(np.abs(mood) >= rule.polar, np.sign(mood), 0)
    return np.where(bad == good, felt, np.where(good, 1, -1)).astype(np.int32)
