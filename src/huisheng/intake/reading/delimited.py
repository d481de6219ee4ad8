"""Read CSV and its kin: any delimiter, any encoding, streaming, bad rows set aside."""

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from huisheng.errors import BadInputError
from huisheng.intake.connector import ROW
from huisheng.intake.reading.encoding import Advance, Encoding, Utf8Stream, decoded
from huisheng.intake.reading.header import SEARCHED_ROWS, Header, Known, find_header
from huisheng.intake.reading.sheet import BATCH_ROWS, Sheet, UnreadRow, without_damage

_BLOCK = 4 << 20
_HEAD_CHARACTERS = 1 << 18
_DELIMITERS = (",", "\t", ";", "|")


def read_delimited(
    where: str,
    open_stream: Callable[[], BinaryIO],
    encoding: Encoding,
    known: Known,
    advance: Advance,
) -> Sheet:
    """Return the one sheet of a delimited text file.

    Raises:
        BadInputError: no header, or two columns of one name.
    """
    head = _head(open_stream, encoding)
    delimiter = _delimiter(head)
    rows = list(islice(_csv_rows(head, delimiter), SEARCHED_ROWS))
    header = find_header(where, rows, known)
    layout = _Layout(where, delimiter, header)
    names = tuple(name for name in header.names if name)
    unread: list[UnreadRow] = []
    reader = _Reader(layout, encoding, unread)
    return Sheet("", names, reader.batches(open_stream, advance), unread)


@dataclass(frozen=True, slots=True)
class _Layout:
    where: str
    delimiter: str
    header: Header

    @property
    def columns(self) -> list[str]:
        """Return a name for every column, nameless ones included."""
        return [name or f"\0{index}" for index, name in enumerate(self.header.names)]


class _Reader:
    """Streams batches while counting row numbers and setting malformed rows aside."""

    def __init__(self, layout: _Layout, encoding: Encoding, unread: list[UnreadRow]) -> None:
        self._layout = layout
        self._encoding = encoding
        self._unread = unread
        self._skipped: deque[int] = deque()
        self._next_row = layout.header.position + 2

    def batches(self, open_stream: Callable[[], BinaryIO], advance: Advance) -> Iterator[pa.Table]:
        with open_stream() as stream:
            source = pa.PythonFile(Utf8Stream(stream, self._encoding, advance), mode="r")
            try:
                for batch in self._open(source):
                    yield from self._numbered(batch)
            except pa.ArrowInvalid as exc:
                raise self._torn(exc) from exc

    def _open(self, source: pa.PythonFile) -> Iterator[pa.RecordBatch]:
        columns = self._layout.columns
        try:
            reader = pa_csv.open_csv(
                source,
                read_options=pa_csv.ReadOptions(
                    column_names=columns,
                    skip_rows_after_names=self._layout.header.position + 1,
                    block_size=_BLOCK,
                    use_threads=False,  # only then are malformed rows numbered
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self._layout.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=self._set_aside,
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, pa.string()),
                    include_columns=[name for name in columns if not name.startswith("\0")],
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as exc:
            if "Empty CSV" in str(exc):  # a header and nothing below it
                return
            raise
        yield from reader

    def _set_aside(self, row: pa_csv.InvalidRow) -> str:
        self._skipped.append(row.number)
        if row.text.strip():
            cells = next(_csv_rows(row.text, self._layout.delimiter), [])
            expected = len(self._layout.header.names)
            reason = f"应有 {expected} 格，实有 {row.actual_columns} 格"
            named = {f"第{index}格": cell for index, cell in enumerate(cells, 1)}
            self._unread.append(UnreadRow(row.number, reason, named))
        return "skip"

    def _numbered(self, batch: pa.RecordBatch) -> Iterator[pa.Table]:
        numbers = self._row_numbers(batch.num_rows)
        table = pa.Table.from_batches([batch]).append_column(ROW, pa.array(numbers))
        if self._encoding.damaged:
            table = without_damage(table, self._unread)
        for start in range(0, table.num_rows, BATCH_ROWS):
            yield table.slice(start, BATCH_ROWS)

    def _row_numbers(self, count: int) -> np.ndarray:
        """Return the numbers of the next `count` good rows, between those set aside."""
        taken: list[np.ndarray] = []
        while count:
            until = self._skipped[0] if self._skipped else self._next_row + count
            run = min(count, until - self._next_row)
            taken.append(np.arange(self._next_row, self._next_row + run, dtype=np.int64))
            self._next_row += run
            count -= run
            if self._skipped and self._next_row == self._skipped[0]:
                self._skipped.popleft()
                self._next_row += 1
        return np.concatenate(taken) if taken else np.empty(0, dtype=np.int64)

    def _torn(self, exc: pa.ArrowInvalid) -> BadInputError:
        return BadInputError(
            f"{self._layout.where} 第 {self._next_row} 行起",
            "有一个引号没有闭合，后面的内容连成了一格"
            if "straddling" in str(exc)
            else f"无法按表格读取（{exc}）",
            "请用表格软件打开检查这一行，或重新导出",
        )


def _head(open_stream: Callable[[], BinaryIO], encoding: Encoding) -> str:
    with open_stream() as stream:
        text = ""
        for piece in decoded(stream, encoding):
            text += piece
            if len(text) >= _HEAD_CHARACTERS:
                break
    return text[:_HEAD_CHARACTERS]


def _delimiter(head: str) -> str:
    """Return the delimiter that splits the first lines into most cells."""
    lines = head.splitlines()[:SEARCHED_ROWS]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
