"""Words a masker must know, read from `gazetteer.yaml`: places, surnames, and what is no name."""

from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby

import yaml

_WORDS: dict[str, str] = yaml.safe_load(
    files(__package__).joinpath("gazetteer.yaml").read_text(encoding="utf-8")
)

PROVINCES = tuple(_WORDS["provinces"].split())
CITIES = tuple(_WORDS["cities"].split())
COMMON_PLACES = frozenset(_WORDS["common_places"].split())
SURNAMES = frozenset(_WORDS["surnames"].replace(" ", ""))
DOUBLE_SURNAMES = frozenset(_WORDS["double_surnames"].split())
NAME_ENDS = frozenset(_WORDS["name_ends"].replace(" ", ""))
NO_NAMES = frozenset(_WORDS["no_names"].split())


def alternation(words: Sequence[str]) -> str:
    """Return a regular expression for any of the words, the longest first, by common initial."""
    ordered = sorted(words, key=lambda word: (word[0], -len(word)))
    return "|".join(
        f"{initial}(?:{'|'.join(word[1:] for word in group)})"
        for initial, group in groupby(ordered, key=lambda word: word[0])
    )


def initials(words: Sequence[str]) -> str:
    """Return the first characters of the words, as the body of a character class."""
    return "".join(sorted({word[0] for word in words}))
