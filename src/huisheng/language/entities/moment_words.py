"""Find every time that a text tells, by the clock or by how far away it is."""

from functools import lru_cache

from huisheng.language.entities import day_words, distance_words
from huisheng.language.entities.moments import Told

TRIGGER = f"{day_words.TRIGGER}|{distance_words.TRIGGER}"
"""RE2: what every text that tells a time holds."""


_RECENT_TEXTS = 64


# Two kinds of entity ask about one text, one after the other.
@lru_cache(maxsize=_RECENT_TEXTS)
def moments_in(text: str) -> tuple[Told, ...]:
    """Return the times of a plain text, in any order; of two that overlap, the distance."""
    distances = tuple(distance_words.distances_in(text))
    taken = bytearray(len(text))
    for told in distances:
        taken[told.start : told.stop] = b"\1" * (told.stop - told.start)
    days = day_words.days_in(text)
    return (*distances, *(told for told in days if not any(taken[told.start : told.stop])))
