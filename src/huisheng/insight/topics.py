"""How hot a topic is: how many talk of it, how many people, how lately, and how unhappily."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HALF_LIFE_DAYS = 3
"""Days after which a conversation weighs half."""
WEIGHT_OF_BLAME = 0.5


@dataclass(frozen=True, slots=True)
class Heat:
    """The heat of t topics and the parts it is the product of, each float64[t].

    Attributes:
        share: conversations with the topic over all conversations.
        reach: 1 + ln(1 + customers).
        freshness: mean weight of its conversations, 1 for one of the last day.
        blame: 1 + 0.5 · share of its conversations that are negative.
        score: the product.
    """

    share: Floats
    reach: Floats
    freshness: Floats
    blame: Floats
    score: Floats


def topic_heat(
    talks: Floats, size: float, customers: Floats, fresh: Floats, negative: Floats
) -> Heat:
    """Return heat = share × (1 + ln(1 + customers)) × freshness × (1 + 0.5 · negative share).

    The formula is the house's own (requirement M07); it ranks, and has no unit.

    Args:
        talks: float64[t] conversations with each topic.
        size: all conversations; where there are none, every heat is 0.
        customers: float64[t] different customers who spoke of it.
        fresh: float64[t] summed weights of its conversations: 0.5^(age in days / `HALF_LIFE_DAYS`).
        negative: float64[t] conversations with it that are negative.
    """
    seen = np.maximum(talks, 1.0)
    share = talks / max(size, 1.0)
    reach, blame = 1 + np.log1p(customers), 1 + WEIGHT_OF_BLAME * negative / seen
    freshness = fresh / seen
    return Heat(share, reach, freshness, blame, share * reach * freshness * blame)
