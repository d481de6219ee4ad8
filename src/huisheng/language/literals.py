"""Find the words of all patterns by the hashes of a batch's n-grams."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.errors import DefinitionError
from huisheng.language.encoding import (
    GRAM_LENGTHS,
    Buffer,
    Hashes,
    gram_hash,
    lengthened,
    literal_letters,
)

Places = NDArray[np.int64]
BUCKET_BITS = 18
_MOST = 2**16 - 1
_NONE = -1


@dataclass(frozen=True, slots=True)
class Hits:
    """Literals found: `literal` and `position` (in the buffer), equally long, int64."""

    literal: Places
    position: Places


class Literals:
    """All literals of all patterns.

    Args:
        literals: words; `^` at the start and `$` at the end stand for the text's ends.

    Attributes:
        index: place of each literal; literals that read alike share one.
        size: number of places.
        buckets: uint16[2^18] one more than the place of the first literal whose hash begins so, 0
            where there is none.

    A literal longer than the n-grams of a batch is found by its beginning, which has a place too.
    """

    def __init__(self, literals: Iterable[str]) -> None:
        ordered = sorted(literals)
        letters = dict(zip(ordered, literal_letters(ordered), strict=True))
        hashes = {text: gram_hash(some) for text, some in letters.items()}
        place = {value: at for at, value in enumerate(sorted(set(hashes.values())))}
        self.index = {text: place[value] for text, value in hashes.items()}
        self.size = len(place)
        self._longer = _places_by_length(letters, place)
        starts = {gram_hash(some[:GRAM_LENGTHS]) for some in letters.values() if _long(some)}
        every = [*place, *sorted(starts)]
        if len(every) > _MOST:
            raise DefinitionError("taxonomy", f"词太多，最多 {_MOST} 个")
        self._hashes = np.array(every, dtype=np.uint64)
        self.buckets, self._next = _chained(self._hashes)

    def find(self, buffer: Buffer, hashes: Hashes, places: NDArray[np.uint16]) -> Hits:
        """Return every occurrence of every literal.

        Args:
            buffer: the batch.
            hashes: uint64[4, m] of its n-grams.
            places: uint16[m, 4] what `buckets` says of each n-gram.
        """
        suspects = np.flatnonzero(places.ravel() != 0)
        position = suspects // GRAM_LENGTHS
        values = hashes[suspects % GRAM_LENGTHS, position]
        place = places.ravel()[suspects].astype(np.int64) - 1
        found: list[tuple[Places, Places]] = []
        while len(place):
            same = self._hashes[place] == values
            found.append((place[same], position[same]))
            place = self._next[place]
            known = np.flatnonzero(place != _NONE)
            place, position, values = place[known], position[known], values[known]
        literal, where = _together(found)
        short = literal < self.size
        longer = self._find_longer(buffer, literal[~short], where[~short])
        return Hits(
            np.concatenate([literal[short], longer.literal]),
            np.concatenate([where[short], longer.position]),
        )

    def _find_longer(self, buffer: Buffer, starts: Places, position: Places) -> Hits:
        hashes = self._hashes[starts]
        found: list[tuple[Places, Places]] = []
        for length, (known, places) in self._longer.items():
            letters = buffer.codes[np.minimum(position + length - 1, len(buffer.codes) - 1)]
            hashes = lengthened(hashes, length - 1, letters)
            at = np.minimum(np.searchsorted(known, hashes), max(len(known) - 1, 0))
            same = known[at] == hashes if len(known) else np.zeros(len(at), dtype=bool)
            found.append((places[at[same]], position[same]))
        return Hits(*_together(found))


def _together(found: list[tuple[Places, Places]]) -> tuple[Places, Places]:
    none = np.zeros(0, dtype=np.int64)
    literal, position = zip((none, none), *found, strict=True)
    return np.concatenate(literal), np.concatenate(position)


def _long(letters: list[int]) -> bool:
    return len(letters) > GRAM_LENGTHS


def _places_by_length(
    letters: dict[str, list[int]], place: dict[int, int]
) -> dict[int, tuple[Hashes, Places]]:
    """Return hashes and places, ordered by hash, of each length above the n-grams'."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in letters.values():
        found[len(some)].add(gram_hash(some))
    tables = {}
    for length in range(GRAM_LENGTHS + 1, max(found, default=0) + 1):
        hashes = sorted(found[length])
        places = np.array([place[value] for value in hashes], dtype=np.int64)
        tables[length] = (np.array(hashes, dtype=np.uint64), places)
    return tables


def _chained(hashes: Hashes) -> tuple[NDArray[np.uint16], Places]:
    """Return the first place of each bucket, plus one, and the next place in the same bucket."""
    first = np.zeros(1 << BUCKET_BITS, dtype=np.uint16)
    after = np.full(len(hashes), _NONE, dtype=np.int64)
    for place, bucket in enumerate((hashes >> np.uint64(64 - BUCKET_BITS)).tolist()):
        after[place] = int(first[bucket]) - 1
        first[bucket] = place + 1
    return first, after
