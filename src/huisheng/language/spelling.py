"""Spell texts as code points that mean the same: width, case, digits, invisible letters, runs."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BOUNDARY = "\x02"
LONGEST_TEXT = 4_000
"""Characters of one text that are read; what follows adds cost but hardly meaning."""

_DROPPED = 0
_PLACEHOLDERS = ("[数字x]", "[金额x]", "[日期x]", "[时间x]")
_PLACEHOLDER = re.compile("|".join(map(re.escape, _PLACEHOLDERS)))
_LONE = re.compile("[\ud800-\udfff]")


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
SIMPLER = {ord(pair[0]): pair[1] for pair in _VARIANTS.split() if pair[0] != pair[1]}
"""Letters that `spell` writes as others, for `str.translate`."""


def text_array(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a large_string array without nulls; null is empty, half a surrogate pair is U+FFFD."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if not isinstance(texts, pa.Array):
        try:
            texts = pa.array(texts, pa.large_string())
        except UnicodeEncodeError:
            whole = [_LONE.sub("\ufffd", text) for text in texts]
            texts = pa.array(whole, pa.large_string())
    texts = texts.cast(pa.large_string())
    return pc.fill_null(texts, "") if texts.null_count else texts


def raw_pattern(word: str) -> str:
    """Return a regular expression (RE2) of every way to write a word that `spell` spells alike.

    Of a run of one letter and of digits, which `spell` shortens and levels, it knows nothing.
    """
    dropped = f"[{_class(_DROPPED)}]*"
    codes = _table()[[ord(letter) for letter in word]]
    return dropped.join(f"[{_class(int(code))}]" for code in codes if code != _DROPPED)


@cache
def _class(code: int) -> str:
    """Return the letters that are spelled as one code point, as ranges of a character class."""
    letters = np.flatnonzero(_table() == code)
    letters = letters[(letters < 0xD800) | (letters > 0xDFFF)]
    starts = np.flatnonzero(np.diff(letters, prepend=-2) > 1)
    stops = np.append(starts[1:], len(letters)) - 1
    bounds = zip(letters[starts].tolist(), letters[stops].tolist(), strict=True)
    return "".join(rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in bounds)


def spell(texts: pa.Array) -> NDArray[np.uint32]:
    """Return the code points of all texts, a boundary mark before, between and after them.

    Digits become `0`; of a run of one letter three are kept.
    """
    if (pc.max(pc.utf8_length(texts)).as_py() or 0) > LONGEST_TEXT:
        texts = pc.utf8_slice_codeunits(texts, 0, LONGEST_TEXT)
    letters = BOUNDARY.join(["", *texts.to_pylist(), ""])
    if letters.count(BOUNDARY) > len(texts) + 1:
        clean = pc.replace_substring(texts, BOUNDARY, " ")
        letters = BOUNDARY.join(["", *clean.to_pylist(), ""])
    if "[" in letters:
        for mark in _PLACEHOLDERS:
            letters = letters.replace(mark, "0")
    codes = _table()[np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32)]
    kept = codes != _DROPPED
    return _shorten_runs(codes if kept.all() else codes[kept])


def spelled_places(text: str) -> NDArray[np.int64]:
    """Return int64[m]: where each letter that `spell` makes of one text stands in it."""
    text = text[:LONGEST_TEXT]
    marks = list(_PLACEHOLDER.finditer(text))
    held = np.ones(len(text), dtype=bool)
    for mark in marks:
        held[mark.start() + 1 : mark.end()] = False
    letters = np.array([ord(letter) for letter in text], dtype=np.int64)
    codes = _table()[letters.astype(np.uint32)]
    codes[[mark.start() for mark in marks]] = ord("0")
    codes[letters == ord(BOUNDARY)] = ord(" ")
    kept = np.flatnonzero(held & (codes != _DROPPED))
    return np.delete(kept, np.flatnonzero(_fourths(codes[kept])) + 3)


def _fourths(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return bool[m − 3]: whether each letter from the fourth on repeats the three before it."""
    same = codes[1:] == codes[:-1]
    fourth: NDArray[np.bool_] = same[2:] & same[1:-1] & same[:-2]
    fourth &= codes[3:] != ord(BOUNDARY)
    return fourth


def _shorten_runs(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    fourth = _fourths(codes)
    if not fourth.any():
        return codes
    keep = np.ones(len(codes), dtype=bool)
    keep[3:] = ~fourth
    return codes[keep]
