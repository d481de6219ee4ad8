"""Cut texts into the units that phrases are made of: a letter, a word of Latin, a number.

A number takes along what it counts («3天», «12期»), so that no phrase begins with half of that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ids = NDArray[np.int32]

LONGEST_TEXT = 400
"""Characters of one text that are read for phrases."""
LONGEST_WORD = 16
"""Letters and digits of a word; longer ones are codes."""

END = "\x02"
NOISE = (
    r"https?://\S+|www\.\S+"
    r"|\[[^\[\]]{1,12}\]"
    r"|[0-9a-z*]*\*[0-9a-z*]*"
    r"|[0-9][0-9.:,-]{4,}"
)
"""Links, pictures and placeholders in brackets, masks, long numbers; read in lower case."""

PARTICLES = "吗呢啊呀哦噢嘛哟喔嗯呃诶欸啦呗"
"""Letters that no name has; they stand between phrases."""

MEASURES = "天号斤岁个件次块元点度楼寸升口码年月日期折分秒周"
"""Letters that belong to the number before them."""

_APART = 0
_MULTIPLIER = 0x100000001B3
_WORDS_FROM = 0x110000
_MEASURE_LETTERS = np.array([ord(letter) for letter in MEASURES])


@cache
def _table() -> NDArray[np.int64]:
    """Return what each code point is read as, 0 for what stands between phrases."""
    letters = [chr(code).isalnum() for code in range(0x10000)]
    table = np.where(letters, np.arange(0x10000), _APART)
    table[0xFF01:0xFF5F] = table[0x21:0x7F]
    table[[ord(letter) for letter in PARTICLES]] = _APART
    for start in (ord("A"), 0xFF21):
        table[start : start + 26] = np.arange(ord("a"), ord("z") + 1)
    return np.concatenate([table, np.full(0x110000 - 0x10000, _APART)])


@dataclass(frozen=True, slots=True)
class Units:
    """The units of n texts, one after another; what stands between phrases is a unit 0.

    Attributes:
        texts: n.
        code: int64[m] equal for equal units.
        owner: int32[m] the text of each.
        is_word: bool[m] a word of Latin letters, digits perhaps among them.
        start: int32[m + 1] where each begins in `letters`.
        letters: uint32[l] code points.
    """

    texts: int
    code: NDArray[np.int64]
    owner: Ids
    is_word: NDArray[np.bool_]
    start: Ids
    letters: NDArray[np.uint32]

    def written(self, places: Ids, length: int) -> Iterator[str]:
        """Yield the runs of `length` units that begin at some places."""
        bounds = zip(self.start[places].tolist(), self.start[places + length].tolist(), strict=True)
        for first, last in bounds:
            yield self.letters[first:last].astype("<u4").tobytes().decode("utf-32-le")


def cut_units(texts: pa.Array) -> Units:
    """Cut large_string texts without nulls into units."""
    short = pc.utf8_lower(pc.utf8_slice_codeunits(texts, 0, LONGEST_TEXT))
    clean = pc.replace_substring_regex(pc.replace_substring(short, END, " "), NOISE, " ")
    written = "".join([*map(_ended, clean.to_pylist())]) + " "
    raw = np.frombuffer(written.encode("utf-32-le", "replace"), dtype=np.uint32)
    letters = _table()[raw]
    latin = (letters < 0x80) & (letters > 0)
    begins = np.ones(len(letters), dtype=bool)
    digit = (letters >= ord("0")) & (letters <= ord("9"))
    counts = np.isin(letters[1:], _MEASURE_LETTERS) & digit[:-1]
    begins[1:] = ~(latin[1:] & latin[:-1] | counts)
    start = np.flatnonzero(begins)
    code = letters[start]
    sizes = np.diff(np.append(start, len(letters)))
    words = np.flatnonzero(latin[start])
    named = np.zeros(len(start), dtype=bool)
    code[words], named[words] = _word_codes(letters, start[words], sizes[words])
    ends = np.cumsum(raw == ord(END))
    owner = np.minimum(ends[start], len(texts) - 1).astype(np.int32)
    return Units(
        len(texts),
        code,
        owner,
        named,
        np.append(start, len(letters)).astype(np.int32),
        letters.astype(np.uint32),
    )


def _ended(text: str) -> str:
    return text + END


def _word_codes(
    letters: NDArray[np.int64], start: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return a code for each word, 0 for one that is too long, and which ones have a letter."""
    if not len(start):
        return np.zeros(0, np.int64), np.zeros(0, bool)
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
    spelled = letters[np.repeat(start, sizes) + within].astype(np.uint64)
    powers = np.uint64(_MULTIPLIER) ** np.arange(1, LONGEST_WORD + 1, dtype=np.uint64)
    hashed = spelled * powers[np.minimum(within, LONGEST_WORD - 1)]
    sums = np.add.reduceat(hashed, ends - sizes) >> np.uint64(2)
    codes = sums.astype(np.int64) + _WORDS_FROM
    codes[sizes > LONGEST_WORD] = _APART
    latin = (spelled >= ord("a")) & (spelled <= ord("z"))
    named = np.logical_or.reduceat(latin, ends - sizes)
    return codes, named & (sizes > 1) & (sizes <= LONGEST_WORD)
