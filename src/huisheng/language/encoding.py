"""Turn a batch of texts into one normalised buffer of code points, without a loop over texts.

The buffer reads `⊥ text0 ⊥ text1 ⊥ …`: one boundary mark before, between and after the texts. An
n-gram may touch the mark at either end of its own text, so «starts with» and «ends with» are
ordinary n-grams, and no n-gram ever sees a neighbour's letters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

BOUNDARY = "\x02"
LONGEST_TEXT = 4_000
"""Characters of one text that are read; what follows adds cost but hardly meaning."""

_BATCH_TEXTS = 2_048
_BATCH_LETTERS = 100_000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_WORD = 2**64 - 1
_DROPPED = 0
_PLACEHOLDERS = ("[数字x]", "[金额x]", "[日期x]", "[时间x]")


@dataclass(frozen=True, slots=True)
class Buffer:
    """A normalised batch.

    Attributes:
        codes: uint32[m] code points with boundary marks.
        owner: int32[m] index of the text a position belongs to (its leading mark included).
        room: int32[m] letters from a position to its text's closing mark, both included.
        lengths: int32[n] letters per text after normalisation.
    """

    codes: NDArray[np.uint32]
    owner: NDArray[np.int32]
    room: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of texts."""
        return len(self.lengths)


@dataclass(frozen=True, slots=True)
class Grams:
    """All n-grams of one length: `hashes` uint64[k], where they start: `position` int32[k]."""

    length: int
    hashes: NDArray[np.uint64]
    position: NDArray[np.int32]


@cache
def _table() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    table[0x3000] = ord(" ")
    for start in (ord("A"), 0xFF21):
        table[start : start + 26] = np.arange(ord("a"), ord("z") + 1)
    for start in (ord("0"), 0xFF10):
        table[start : start + 10] = ord("0")
    for pair in ("。.", "、,", '“"', '”"', "‘'", "’'", "….", "～~", "\n ", "\t ", "\r ", "\xa0 "):
        table[ord(pair[0])] = ord(pair[1])
    for pair in _VARIANTS.split():
        table[ord(pair[0])] = ord(pair[1])
    table[:0x20] = np.where(table[:0x20] == ord(" "), ord(" "), _DROPPED)
    for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F)):
        table[first : last + 1] = _DROPPED
    table[0xFEFF] = _DROPPED
    table[0xD800:0xE000] = 0xFFFD
    table[ord(BOUNDARY)] = ord(BOUNDARY)
    return table


# Traditional letters that service chats use most, and common mis-typed look-alikes.
_VARIANTS = (
    "發发 貨货 嗎吗 麼么 還还 這这 個个 們们 幾几 時时 間间 買买 賣卖 錢钱 運运 費费 換换 壞坏 "
    "質质 "
    "題题 問问 師师 價价 優优 單单 號号 碼码 顏颜 實实 圖图 評评 訴诉 謝谢 請请 "
    "為为 會会 沒没 對对 開开 關关 電电 機机 過过 裝装 誰谁 說说 態态 復复 線线 聯联 繫系 "
    "妳你 伱你 訂订 東东 紙纸 銷销 遲迟 點点 緊紧 給给 後后 裡里 裏里 嚴严 爛烂 髒脏 臺台 "
    "餘余 補补 賠赔 償偿 證证 騙骗 虛虚 樣样 舊旧 無无 與与 長长 寬宽 鬆松 薄薄"
)


def encode(texts: Sequence[str]) -> Buffer:
    """Normalise a batch: width, case, digits, invisible letters, long repetitions.

    Digits become `0`; of a run of one letter three are kept. Never fails on any `str`.
    """
    clipped = [text[:LONGEST_TEXT].replace(BOUNDARY, " ") for text in texts]
    joined = BOUNDARY + BOUNDARY.join([*clipped, ""])
    if "[" in joined:
        for mark in _PLACEHOLDERS:
            joined = joined.replace(mark, "0")
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = _table()[raw]
    codes = codes[codes != _DROPPED]
    return _index(_shorten_runs(codes), len(clipped))


def _shorten_runs(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    same = codes[1:] == codes[:-1]
    keep = np.ones(len(codes), dtype=bool)
    keep[3:] = ~(same[2:] & same[1:-1] & same[:-2])
    keep |= codes == ord(BOUNDARY)
    return codes[keep]


def _index(codes: NDArray[np.uint32], count: int) -> Buffer:
    marks = np.flatnonzero(codes == ord(BOUNDARY))
    lengths = (np.diff(marks) - 1).astype(np.int32)
    owner = np.repeat(np.arange(count, dtype=np.int32), lengths + 1)
    closing = np.repeat(marks[1:].astype(np.int32), lengths + 1)
    room = (closing - np.arange(len(owner)) + 1).astype(np.int32)
    return Buffer(codes, owner, room, lengths)


def grams(buffer: Buffer, longest: int) -> Iterator[Grams]:
    """Yield the n-grams of length 1, 2, … `longest`; a single boundary mark is none.

    The hash of an n-gram is a polynomial over its code points modulo 2^64, so each length is one
    multiply-add over the previous one.
    """
    codes = buffer.codes.astype(np.uint64)
    rolling = np.zeros(len(buffer.owner), dtype=np.uint64)
    for length in range(1, longest + 1):
        rolling = rolling[: max(len(codes) - length + 1, 0)]
        stop = len(rolling)
        rolling = rolling * _MULTIPLIER + codes[length - 1 : length - 1 + stop]
        valid = buffer.room[:stop] >= length
        if length == 1:
            valid = valid & (buffer.codes[:stop] != ord(BOUNDARY))
        position = np.flatnonzero(valid).astype(np.int32)
        yield Grams(length, (rolling[position] + np.uint64(length)) * _MIX, position)


def gram_hashes(literals: Sequence[str]) -> list[tuple[int, int]]:
    """Return (hash, length) of each literal as `grams` would give them.

    `^` at the start and `$` at the end of a literal stand for the text's ends.
    """
    buffer = encode([text.removeprefix("^").removesuffix("$") for text in literals])
    letters = buffer.codes.tolist()
    found: list[tuple[int, int]] = []
    first = 0
    for text, length in zip(literals, buffer.lengths.tolist(), strict=True):
        last = first + length + 1
        marked = letters[first + (not text.startswith("^")) : last + text.endswith("$")]
        found.append((_polynomial(marked), len(marked)))
        first = last
    return found


def _polynomial(letters: Sequence[int]) -> int:
    value = 0
    for letter in letters:
        value = (value * int(_MULTIPLIER) + letter) & _WORD
    return ((value + len(letters)) * int(_MIX)) & _WORD


def normalise(text: str) -> str:
    """Normalise one text exactly as `encode` does."""
    codes = encode([text]).codes[1:-1]
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut into batches of bounded letters; a batch holds at least one text."""
    if not texts:
        yield texts
        return
    letters = np.cumsum([min(len(text), LONGEST_TEXT) for text in texts])
    first = 0
    while first < len(texts):
        budget = _BATCH_LETTERS + (int(letters[first - 1]) if first else 0)
        last = int(np.searchsorted(letters, budget, side="right"))
        last = min(max(last, first + 1), first + _BATCH_TEXTS)
        yield texts[first:last]
        first = last
