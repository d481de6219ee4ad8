"""How much memory a workbook's sheets would take, found out before they are loaded whole.

The reader keeps every cell of the rectangle between a sheet's first and last filled cell, so a
stray cell in the far corner of a tiny file costs half a terabyte.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from huisheng.errors import BadInputError

MOST_CELLS = 40_000_000
"""Of one sheet's rectangle: 1.3 GB in the reader."""

MOST_TEXT_BYTES = 2 << 30
"""Of one sheet's cells, each counted: the file holds a text that many cells show but once."""

_CHUNK = 4 << 20
_LEAD, _TAIL = 2, 64  # bytes that belong to a mark before and after the byte it is found by
_LETTERS, _DIGITS = 3, 7
_ODS = "content.xml"
_TEXTS = "xl/sharedStrings.xml"
_ASIDE = (_TEXTS, "xl/media/", "docProps/")

_SHEET = b"sheetData"
_TEXT_ENDS = re.compile(rb"</(?:[\w.-]+:)?si\s*>")

_Bytes = npt.NDArray[np.uint8]
_Numbers = npt.NDArray[np.int64]


def _worth(symbols: bytes, first: int) -> _Numbers:
    worth = np.full(256, -1, np.int64)
    worth[np.frombuffer(symbols, np.uint8)] = np.arange(first, first + len(symbols))
    return worth


_FROM_DIGIT = _worth(b"0123456789", 0)
_FROM_LETTER = np.maximum(
    _worth(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1), _worth(b"abcdefghijklmnopqrstuvwxyz", 1)
)
_AFTER_NAME = _worth(b" \t\r\n/>", 0) >= 0


def refuse_vast(where: str, archive: zipfile.ZipFile) -> None:
    """Raise if a sheet of an XLSX or ODS would need far more memory than its cells are worth.

    Raises:
        BadInputError: the filled cells lie too far apart, or repeat too much text.
    """
    names = archive.namelist()
    if _ODS in names:
        _check(where, _measured(where, archive.open(_ODS), _OdsSheet()))
        return
    lengths = _text_lengths(archive.open(_TEXTS)) if _TEXTS in names else np.zeros(0, np.int64)
    for name in names:
        if not name.startswith(_ASIDE) and not _is_small(archive.open(name), lengths):
            _check(where, _measured(where, archive.open(name), _XlsxSheet(lengths)))


def _check(where: str, sheet: "_Sheet") -> None:
    for extent in sheet.extents:
        if extent.area > MOST_CELLS:
            raise BadInputError(
                where,
                f"工作表从第 {extent.top} 行到第 {extent.bottom} 行、第 {extent.left} 列到第 "
                f"{extent.right} 列都有内容，相当于 {extent.area:,} 个单元格，"
                f"一张工作表最多读 {MOST_CELLS:,} 个",
                "请删掉表格下方和右侧远处多余的内容后另存，或改存为 CSV 再导入",
            )
        if extent.text_bytes > MOST_TEXT_BYTES:
            raise BadInputError(
                where,
                f"工作表里的文字展开后有 {extent.text_bytes >> 20} MiB，"
                f"一张工作表最多读 {MOST_TEXT_BYTES >> 20} MiB",
                "请确认来源；正常的大文件请拆分成多个或改存为 CSV 再导入",
            )


@dataclass(slots=True)
class _Bound:
    """What a sheet's cells are at most, empty ones counted."""

    rows: int = 0
    columns: int = 0
    text_bytes: int = 0
    cells: int = 0
    references: int = 0
    unclear: int = 0
    is_sheet: bool = False

    @property
    def is_small(self) -> bool:
        certain = self.cells == self.references and not self.unclear
        area_fits = self.rows * self.columns <= MOST_CELLS
        return certain and area_fits and self.text_bytes <= MOST_TEXT_BYTES


def _is_small(stream: IO[bytes], lengths: _Numbers) -> bool:
    """Return whether an archive's part is no sheet, or surely one that can be loaded.

    It looks for cell references and numbers of texts in the bytes, without parsing, which for
    large sheets would take longer than reading them.
    """
    bound = _Bound()
    for piece, begins in _chunks(stream):
        bound.is_sheet = bound.is_sheet or _SHEET in piece
        chunk = np.frombuffer(piece, np.uint8)
        _add_references(bound, chunk, begins)
        _add_texts(bound, chunk, begins, lengths)
    return not bound.is_sheet or bound.is_small


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield a stream in pieces with a little of what lies before and after, and their lengths."""
    before, piece = b"\0" * _LEAD, stream.read(_CHUNK)
    while piece:
        following = stream.read(_CHUNK)
        yield before + piece + following[:_TAIL] + b"\0" * _TAIL, len(piece)
        before, piece = (before + piece)[-_LEAD:], following


def _add_references(bound: _Bound, chunk: _Bytes, begins: int) -> None:
    spots = _spots(chunk, begins, ord("="))
    quote = chunk[spots + 1]
    named = (chunk[spots - 1] == ord("r")) & (chunk[spots - 2] <= ord(" "))
    spots = spots[named & ((quote == ord('"')) | (quote == ord("'")))]
    column, at = _read(chunk, spots + 2, _LETTERS, _FROM_LETTER, 26)
    at, column = at[column > 0], column[column > 0]
    row, _ = _read(chunk, at, _DIGITS, _FROM_DIGIT, 10)
    bound.cells += len(_opened(chunk, begins, ord("c")))
    bound.references += len(column)
    bound.columns = max(bound.columns, int(column.max(initial=0)))
    bound.rows = max(bound.rows, int(row.max(initial=0)))


def _add_texts(bound: _Bound, chunk: _Bytes, begins: int, lengths: _Numbers) -> None:
    """Count what each value would show, were it the number of a text."""
    spots = _opened(chunk, begins, ord("v"))
    plain = spots[chunk[spots + 1] == ord(">")]
    bound.unclear += len(spots) - len(plain)
    number, _ = _read(chunk, plain + 2, _DIGITS + 1, _FROM_DIGIT, 10)
    bound.text_bytes += int(lengths[number[number < len(lengths)]].sum())


def _opened(chunk: _Bytes, begins: int, name: int) -> _Numbers:
    """Return where elements of a one-letter name, with or without a prefix, begin."""
    spots = _spots(chunk, begins, name)
    before = chunk[spots - 1]
    begun = (before == ord("<")) | (before == ord(":"))
    found: _Numbers = spots[begun & _AFTER_NAME[chunk[spots + 1]]]
    return found


def _spots(chunk: _Bytes, begins: int, symbol: int) -> _Numbers:
    return np.flatnonzero(chunk[_LEAD : begins + _LEAD] == symbol) + _LEAD


def _read(
    chunk: _Bytes, at: _Numbers, longest: int, worth: _Numbers, radix: int
) -> tuple[_Numbers, _Numbers]:
    """Read a number at each place; return the numbers and the places after them.

    `worth` is what each byte counts, -1 where it is no digit.
    """
    value = np.zeros(len(at), np.int64)
    going = np.ones(len(at), bool)
    for _ in range(longest):
        digit = worth[chunk[at]]
        going &= digit >= 0
        if not going.any():
            break
        value = np.where(going, value * radix + digit, value)
        at = at + going
    return value, at


@dataclass(slots=True)
class _Extent:
    """The rectangle of a sheet's filled cells, from 1, and the bytes of their texts."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    text_bytes: int = 0

    @property
    def area(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.top else 0

    def add(self, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        """Take a filled cell in, or a block of them."""
        self.top = min(self.top or row, row)
        self.left = min(self.left or column, column)
        self.bottom = max(self.bottom, row + rows - 1)
        self.right = max(self.right, column + columns - 1)


class _Sheet:
    """Is told of elements as they come, and knows how far the filled cells reach."""

    def __init__(self) -> None:
        self.extents: list[_Extent] = []

    def begin(self, name: str, said: dict[str, str]) -> None:
        """Note the beginning of an element."""

    def end(self, name: str) -> None:
        """Note the end of an element."""

    def text(self, words: str) -> None:
        """Note characters."""


class _XlsxSheet(_Sheet):
    """One worksheet of an XLSX; a cell is filled if it has a value."""

    def __init__(self, lengths: _Numbers) -> None:
        super().__init__()
        self._lengths = lengths
        self._extent = _Extent()
        self.extents.append(self._extent)
        self._row = self._column = 0
        self._shared = False
        self._words: list[str] | None = None

    def begin(self, name: str, said: dict[str, str]) -> None:
        """Follow rows, cells and values."""
        if name == "row":
            self._row = int(said.get("r") or self._row + 1)
            self._column = 0
        elif name == "c":
            self._row, self._column = _place(said.get("r", ""), self._row, self._column + 1)
            self._shared = said.get("t") == "s"
        elif name in ("v", "is"):
            self._extent.add(max(self._row, 1), self._column)
            self._words = []

    def text(self, words: str) -> None:
        """Keep the words of a value."""
        if self._words is not None:
            self._words.append(words)

    def end(self, name: str) -> None:
        """Count the words of a value."""
        if name in ("v", "is") and self._words is not None:
            said, self._words = "".join(self._words), None
            known = self._shared and said.isascii() and said.isdigit()
            at = int(said[:9]) if known else len(self._lengths)
            own = len(said.encode("utf-8", "replace"))
            self._extent.text_bytes += int(self._lengths[at]) if at < len(self._lengths) else own


class _OdsSheet(_Sheet):
    """The tables of an ODS, in which rows and cells say how often they repeat."""

    def __init__(self) -> None:
        super().__init__()
        self._row = self._rows = self._column = self._columns = 0

    def begin(self, name: str, said: dict[str, str]) -> None:
        """Follow tables, rows and cells."""
        if name == "table":
            self.extents.append(_Extent())
            self._row, self._rows = 1, 0
        elif name == "table-row":
            self._row += self._rows
            self._rows = int(said.get("table:number-rows-repeated", 1))
            self._column, self._columns = 1, 0
        elif name in ("table-cell", "covered-table-cell"):
            self._column += self._columns
            self._columns = int(said.get("table:number-columns-repeated", 1))
        if (name == "p" or "office:value-type" in said) and self.extents and self._columns:
            self.extents[-1].add(self._row, self._column, self._rows, self._columns)


def _place(reference: str, row: int, column: int) -> tuple[int, int]:
    """Return row and column of `B7`, and where the cell stands otherwise if it names none."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (letters and digits and letters.isascii() and letters.isalpha()):
        return row, column
    number = 0
    for letter in letters[: _LETTERS + 1].lower():
        number = number * 26 + ord(letter) - ord("a") + 1
    return int(digits[: _DIGITS + 1]), number


def _measured(where: str, stream: IO[bytes], sheet: _Sheet) -> _Sheet:
    """Tell a sheet of its elements.

    Raises:
        BadInputError: it is not XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, said: sheet.begin(name.rpartition(":")[2], said)
    parser.EndElementHandler = lambda name: sheet.end(name.rpartition(":")[2])
    parser.CharacterDataHandler = sheet.text
    try:
        parser.ParseFile(stream)
    except (expat.ExpatError, ValueError) as exc:
        raise BadInputError(where, "工作表损坏，读不出来", "请用表格软件另存为 XLSX") from exc
    return sheet


def _text_lengths(stream: IO[bytes]) -> _Numbers:
    """Return how long each of an XLSX's texts is at most, markup counted."""
    lengths: list[int] = []
    rest, dropped, end = b"", 0, b""
    while chunk := stream.read(_CHUNK):
        found = None if end else _TEXT_ENDS.search(rest + chunk)
        end = found.group() if found else end
        *whole, rest = (rest + chunk).split(end) if end else [rest + chunk]
        if whole:
            lengths.append(dropped + len(whole[0]))
            lengths += map(len, whole[1:])
            dropped = 0
        if len(rest) > _TAIL:
            dropped, rest = dropped + len(rest) - _TAIL, rest[-_TAIL:]
    return np.array(lengths, np.int64)
