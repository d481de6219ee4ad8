"""Which aspects a text speaks of and how: the linear head and the word cues, clause by clause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.blame import SURE
from huisheng.language.cues import Clauses
from huisheng.language.heads import Floats, sigmoid
from huisheng.language.scan import EVEN

Flags = NDArray[np.bool_]
RULE_P = np.float32(0.8)
"""Probability given to a polar cue where no supervised head knows the aspect."""
TOPIC_P = np.float32(0.55)
"""The same for a mere mention."""
NEGATIVE, POSITIVE = "negative", "positive"
"""Outputs of the head that judge a clause's polarity."""
CERTAIN = 1_000.0
"""Tone of a polar cue where no supervised head knows the aspect: it decides alone."""


@dataclass(frozen=True, slots=True)
class AspectRule:
    """How logits become labels.

    Attributes:
        slopes: Platt slope by aspect the head knows.
        offsets: Platt offset likewise.
        thresholds: least probability likewise.
        polar: least tone of a clause that counts as praise or blame.
        lean: how far blame anywhere in a text lowers the tone of its clauses.
        told: how far a polar cue of an aspect that the head knows moves its clause's tone.
        level: mood of a clause that leans neither way.
    """

    slopes: Mapping[str, float]
    offsets: Mapping[str, float]
    thresholds: Mapping[str, float]
    polar: float
    lean: float
    told: float
    level: float


@dataclass(frozen=True, slots=True)
class AspectView:
    """Aspects of n texts, each array [n, a].

    Attributes:
        p: probability.
        polarity: by the tone of their clause.
        said: polarity by its cues alone.
        chosen: whether the text speaks of it.
        ruled: whether a rule, not the model, said so.
    """

    p: Floats
    polarity: NDArray[np.int8]
    said: NDArray[np.int8]
    chosen: Flags
    ruled: Flags

    def of(self, texts: NDArray[np.int64]) -> "AspectView":
        """Return those of some texts."""
        return AspectView(
            self.p[texts],
            self.polarity[texts],
            self.said[texts],
            self.chosen[texts],
            self.ruled[texts],
        )

    def plainly(self, rows: Flags) -> "AspectView":
        """Return what some texts say as their words say it, whatever the mood they seem to have.

        Args:
            rows: bool[n] which texts.
        """
        polarity = np.where(rows[:, None], self.said, self.polarity)
        return AspectView(self.p, polarity, self.said, self.chosen, self.ruled)

    def asked(self, rows: Flags) -> "AspectView":
        """Return what some texts only ask about: 噪音大吗 blames no noise.

        Args:
            rows: bool[n] which texts.
        """
        polarity = np.where(rows[:, None], np.int8(0), self.polarity)
        return AspectView(self.p, polarity, self.said, self.chosen, self.ruled)


class AspectJudge:
    """Joins head and cues.

    Args:
        aspects: ids of all aspects, in the order of the result.
        outputs: names of the head's outputs.
        cue_names: names of the clause cue columns (`<id>-`, `<id>+`, `<id>=`, and `EVEN`).
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
        cue = {name: place for place, name in enumerate(cue_names)}
        self._signs = [[cue[aspect + sign] for aspect in aspects] for sign in "-+="]
        self._even = cue[EVEN]
        told = [rule.told if aspect in rule.slopes else CERTAIN for aspect in aspects]
        self._told = np.array(told, dtype=np.float32)
        thresholds = [rule.thresholds.get(aspect, 0.5) for aspect in aspects]
        self._thresholds = np.array(thresholds, dtype=np.float32)[:, None]

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
        mood = mood - lean[clauses.owner] - np.float32(self._rule.level)
        bad, good, _ = (cues[rows] for rows in self._signs)
        # 补水一般 praises nothing, whatever 补水 alone would say; plain blame still counts.
        even = cues[self._even]
        good = good & ~even
        cued, chance = self.chances(logits, cues)
        named = chance >= self._thresholds
        place, clause = np.divmod(np.flatnonzero(named), max(named.shape[1], 1))
        # Ascending, for the clauses of a text lie together.
        cell = place * len(blame) + clauses.owner[clause]
        bad, good = bad[place, clause], good[place, clause]
        said = good.astype(np.int32) - bad
        tone = np.where(even, 0, mood)[clause] + self._told[place] * said
        felt = np.where(np.abs(tone) >= self._rule.polar, np.sign(tone), 0)
        chance, cued = chance[place, clause], cued[place, clause]
        first = np.flatnonzero(np.diff(cell, prepend=-1))
        highest = np.maximum.reduceat(chance, first) if len(first) else chance
        best = np.flatnonzero(chance >= np.repeat(highest, np.diff(first, append=len(cell))))
        size = len(self.aspects) * len(blame)
        p = np.zeros(size, dtype=np.float32)
        p[cell[first]] = highest
        ruled = np.zeros(size, dtype=bool)
        ruled[cell[best]] = cued[best] >= chance[best]
        shape = (len(self.aspects), len(blame))
        polarity, spoken = (
            np.sign(np.bincount(cell[best], votes[best], minlength=size)).astype(np.int8)
            for votes in (felt, said)
        )
        chances = p.reshape(shape).T
        return AspectView(
            p=chances,
            polarity=polarity.reshape(shape).T,
            said=spoken.reshape(shape).T,
            chosen=chances > 0,
            ruled=ruled.reshape(shape).T,
        )

    def chances(self, logits: Floats, cues: Flags) -> tuple[Floats, Floats]:
        """Return float32[a, m] twice, by aspect and clause: the cues' chance, and the chance."""
        bad, good, topic = (cues[rows] for rows in self._signs)
        cued = np.maximum((bad | good) * RULE_P, topic * TOPIC_P)
        chance = cued.copy()
        for place, aspect in enumerate(self.aspects):
            if aspect in self._rule.slopes:
                slope = np.float32(self._rule.slopes[aspect])
                offset = np.float32(self._rule.offsets[aspect])
                chance[place] = sigmoid(logits[:, self._column[aspect]] * slope + offset)
        return cued, chance
