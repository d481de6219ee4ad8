"""Dangers heard by a trained head in wordings that no rule knows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.heads import Floats, RowHead, sigmoid
from huisheng.language.scan import KnownGrams

DANGERS = ("R8", "R9", "R13")
"""Product safety, food and drugs, injury: they start the same emergency plan, so hearing one of
them as another is no error."""
ANY = "any"
"""First output of the head: whether there is any danger; the others say which."""


@dataclass(frozen=True, slots=True)
class Dangers:
    """The head, and when it speaks.

    Attributes:
        head: its outputs are `ANY`, then `DANGERS`; it reads n-grams alone.
        slope: Platt slope of `ANY`.
        offset: Platt offset likewise.
        least: probability from which a danger is named.
    """

    head: RowHead
    slope: float
    offset: float
    least: float

    def logits(self, known: KnownGrams, firsts: NDArray[np.int64], norms: Floats) -> Floats:
        """Return float32[n, 4] of n texts.

        Args:
            known: n-grams of a batch that have a row.
            firsts: int64[n] where each text begins.
            norms: float32[n] length norm of each.
        """
        found: Floats = self.head.gram_sums(known, firsts) / norms[:, None] + self.head.biases
        return found

    def heard(self, logits: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Return (place in `DANGERS` of each text's danger, −1 for none; its probability)."""
        p = sigmoid(logits[:, 0] * np.float32(self.slope) + np.float32(self.offset))
        which = np.argmax(logits[:, 1:], axis=1)
        return np.where(p >= np.float32(self.least), which, -1), p

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[np.generic]], facts: Mapping[str, float]
    ) -> "Dangers":
        """Read what `to_arrays` and `to_facts` wrote."""
        head = RowHead.from_arrays(arrays, "dangers")
        return cls(head, facts["slope"], facts["offset"], facts["least"])

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays to store."""
        return dict(self.head.to_arrays("dangers"))

    def to_facts(self) -> dict[str, float]:
        """Return the numbers to store."""
        return {"slope": self.slope, "offset": self.offset, "least": self.least}
