"""Find the words and short phrases that buyers use, those that no dictionary has among them.

A phrase is a run of letters that holds together and is free at both ends: its parts stand together
far more often than chance would put them (pointwise mutual information, Church & Hanks 1990), and
many different letters follow and precede it (branching entropy, Jin & Tanaka-Ishii 2006, here that
of Rényi's order 2). Nothing is looked up, so a new word is found as early as an old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.language.phrases.units import Units, cut_units
from huisheng.language.phrases.unsaid import says_nothing
from huisheng.language.spelling import text_array

Ints = NDArray[np.int64]
Ids = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_UNITS = 8
"""Letters, or words in Latin letters, of the longest phrase."""
LEAST_TEXTS = 3
MOST_TERMS = 20_000
LEAST_COHESION = 8.0
"""How many times more often than by chance the parts of a phrase stand together; in few texts half
of what is possible, which is when the parts never stand alone, will do."""
MOST_BOUND = 0.45
"""How often two uses of a phrase, drawn by lot, may have the same letter after, or before, them."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases, and where they are used; every pair of text and phrase once, ordered by text.

    Attributes:
        terms: string[t], in order of the alphabet.
        item: int64[k] index of a text.
        term: int64[k] index of a phrase in it.
    """

    terms: pa.Array
    item: Ints
    term: Ints


@dataclass(frozen=True, slots=True)
class _Level:
    """Runs of one length that are frequent enough.

    Attributes:
        place: int32[k] where they stand, ascending.
        gram: int32[k] which run stands there.
        count: float64[g] weighted uses of each run.
        head: int32[g] the run without its last unit, among those one unit shorter.
        tail: int32[g] the run without its first unit.
        first: int32[g] where each run stands first.
    """

    place: Ids
    gram: Ids
    count: Floats
    head: Ids
    tail: Ids
    first: Ids


def find_phrases(
    texts: Sequence[str] | pa.Array,
    weights: Sequence[int] | Ints | None = None,
    *,
    least: int = LEAST_TEXTS,
    most: int = MOST_TERMS,
) -> Phrases:
    """Return the phrases of n texts, and which text holds which.

    Letters are read in lower case and usual width; greetings, links, masks, numbers, pictures and
    words that say nothing by themselves are no phrases. The same texts in any order give the same
    phrases.

    Args:
        texts: as stored; null is empty.
        weights: int[n] how often each text was said, once where not given.
        least: a phrase was said at least so often, the weights of its texts together.
        most: of more phrases than that, the most frequent ones.
    """
    units = cut_units(text_array(texts))
    said = np.ones(units.texts) if weights is None else np.asarray(weights, dtype=np.float64)
    found = _chosen(units, said, least)
    if not found:
        return Phrases(pa.array([], pa.string()), np.zeros(0, np.int64), np.zeros(0, np.int64))
    return _gathered(units, found, said, least, most)


@dataclass(frozen=True, slots=True)
class _Found:
    """The chosen runs of one length: `starts` int32[t] one place of each, and all their places."""

    length: int
    starts: Ids
    place: Ids
    term: Ids


def _chosen(units: Units, said: Floats, least: int) -> list[_Found]:
    """Return the runs of each length that are phrases."""
    if not units.texts:
        return []
    weight = said[units.owner]
    total = float(weight.sum())
    levels = [_singles(units, weight, least)]
    found = []
    for length in range(1, MOST_UNITS + 1):
        levels.append(_longer(levels[-1], units, weight, least))
        good = _free(levels[-2], levels[-1])
        most = total / levels[-2].count
        good &= _cohesion(levels[:-1], total) >= np.minimum(LEAST_COHESION, most / 2)
        if length == 1:
            good &= units.is_word[levels[0].first]
        found.append(_those(levels[-2], good, length))
        # Places are what takes room; nothing looks at those of shorter runs any more.
        levels[-2] = _without_places(levels[-2])
        if not len(levels[-1].count):
            break
    return [some for some in found if len(some.starts)]


def _singles(units: Units, weight: Floats, least: int) -> _Level:
    place = np.flatnonzero(units.code).astype(np.int32)
    nothing = np.zeros(0, np.int32)
    return _counted(place, units.code[place], weight, least, nothing, nothing)


def _longer(level: _Level, units: Units, weight: Floats, least: int) -> _Level:
    """Return the runs one unit longer; both their shorter runs must be frequent themselves."""
    here = np.flatnonzero(np.diff(level.place) == 1)
    head, tail = level.gram[here], level.gram[here + 1]
    keys = head.astype(np.int64) * (len(level.count) + 1) + tail
    return _counted(level.place[here], keys, weight, least, head, tail)


def _counted(place: Ids, keys: Ints, weight: Floats, least: int, head: Ids, tail: Ids) -> _Level:
    """Return the runs with equal keys that are said often enough; `head`, `tail` are of places."""
    _, first, gram = np.unique(keys, return_index=True, return_inverse=True)
    count = np.bincount(gram, weight[place], len(first)).astype(np.float64)
    kept = count >= least
    number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    renamed = number[gram]
    there = renamed >= 0
    first = first[kept]
    return _Level(
        place=place[there],
        gram=renamed[there],
        count=count[kept],
        head=head[first] if len(head) else head,
        tail=tail[first] if len(tail) else tail,
        first=place[first],
    )


def _free(level: _Level, longer: _Level) -> Flags:
    """Return which runs are free at both ends; the end of a text is no letter."""
    most = MOST_BOUND * level.count**2
    free: Flags = np.ones(len(most), dtype=bool)
    for within in (longer.head, longer.tail):
        same = np.bincount(within, weights=longer.count**2, minlength=len(most))
        free &= same <= most
    return free


def _cohesion(levels: Sequence[_Level], total: float) -> Floats:
    """Return, for the runs of the last level, how much they exceed chance where they split best."""
    last = levels[-1]
    least = np.full(len(last.count), np.inf)
    left, right = last.head, last.tail
    lefts, rights = [], []
    for level in reversed(levels[:-1]):
        lefts.append(level.count[left])
        rights.append(level.count[right])
        if len(level.head):
            left, right = level.head[left], level.tail[right]
    for ahead, behind in zip(lefts, reversed(rights), strict=True):
        least = np.minimum(least, last.count * total / (ahead * behind))
    return least


def _those(level: _Level, good: Flags, length: int) -> _Found:
    number = np.where(good, np.cumsum(good) - 1, -1).astype(np.int32)
    term = number[level.gram]
    kept = term >= 0
    return _Found(length, level.first[good], level.place[kept], term[kept])


def _without_places(level: _Level) -> _Level:
    nothing = np.zeros(0, np.int32)
    return _Level(nothing, nothing, level.count, level.head, level.tail, level.first)


def _gathered(
    units: Units, found: Sequence[_Found], said: Floats, least: int, most: int
) -> Phrases:
    """Return what was found at all lengths, what says nothing left out, each text once."""
    words = pa.array([word for some in found for word in units.written(some.starts, some.length)])
    sizes = np.cumsum([0, *(len(some.starts) for some in found)])
    item = np.concatenate([units.owner[some.place] for some in found]).astype(np.int64)
    term = np.concatenate(
        [some.term + before for some, before in zip(found, sizes, strict=False)]
    ).astype(np.int64)
    pairs = np.sort(item * len(words) + term)
    item, term = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], len(words))
    support = np.bincount(term, weights=said[item], minlength=len(words))
    useful = np.flatnonzero((support >= least) & ~says_nothing(words))
    by_name = useful[pc.sort_indices(words.take(pa.array(useful))).to_numpy()]
    best = by_name[np.argsort(-support[by_name], kind="stable")[:most]]
    kept = by_name[np.isin(by_name, best)]
    number = np.full(len(words), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    there = number[term] >= 0
    return Phrases(words.take(pa.array(kept)), item[there], number[term[there]])
