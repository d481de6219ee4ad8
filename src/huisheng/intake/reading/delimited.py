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
from huisheng.intake.reading.rescue import Mender, Rescue
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
    delimiter = _delimiter(head, known)
    rows = list(islice(_csv_rows(head, delimiter), SEARCHED_ROWS))
    header = find_header(where, rows, known)
    names = tuple(name for name in header.names if name)
    unread: list[UnreadRow] = []
    batches = _batches(_Layout(where, delimiter, header), encoding, open_stream, advance, unread)
    return Sheet("", names, batches, unread)


@dataclass(frozen=True, slots=True)
class _Layout:
    where: str
    delimiter: str
    header: Header

    @property
    def columns(self) -> list[str]:
        """Return a name for every column, nameless ones included."""
        return [name or f"\0{index}" for index, name in enumerate(self.header.names)]


def _batches(
    layout: _Layout,
    encoding: Encoding,
    open_stream: Callable[[], BinaryIO],
    advance: Advance,
    unread: list[UnreadRow],
) -> Iterator[pa.Table]:
    """Yield the file's rows; where an open quote stops the reader, go on with quotes mended."""
    given = 0
    for mender in (None, Mender()):
        reader = _Reader(layout, encoding)
        try:
            with open_stream() as stream:
                source = Utf8Stream(stream, encoding, advance)
                # Up to the open quote both attempts give the same tables.
                for table in islice(reader.tables(source, mender), given, None):
                    given += 1
                    yield table
        except pa.ArrowInvalid as exc:
            if mender is not None or "straddling" not in str(exc):
                raise reader.torn(exc) from exc
        else:
            unread += reader.unread
            return


class _Mended(io.RawIOBase):
    """A stream with its runaway quotes closed."""

    def __init__(self, stream: Utf8Stream, mender: Mender) -> None:
        super().__init__()
        self._stream = stream
        self._mender = mender
        self._ready = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end."""
        if not self._ready:
            self._ready = self._mender.mend(self._stream.read(size))
        size = size if size > 0 else len(self._ready)
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


class _Reader:
    """Streams tables while counting row numbers and setting malformed rows aside."""

    def __init__(self, layout: _Layout, encoding: Encoding) -> None:
        self._layout = layout
        self._encoding = encoding
        self._rescue = Rescue(len(layout.header.names), layout.delimiter)
        self._damaged: list[UnreadRow] = []
        self._skipped: deque[tuple[int, int]] = deque()  # (record, lines more than one)
        self._next_record = layout.header.position + 2
        self._more_lines = 0  # of records already numbered
        self._more_lines_seen = 0  # of records met so far

    @property
    def unread(self) -> list[UnreadRow]:
        """Return the rows that could not be read."""
        expected = len(self._layout.header.names)
        malformed = [
            UnreadRow(
                line.row,
                f"应有 {expected} 格，实有 {len(line.cells)} 格，请检查分隔符与引号",
                {f"第{at}格": cell for at, cell in enumerate(line.cells, 1)},
            )
            for line in self._rescue.bad
        ]
        return malformed + self._damaged

    def tables(self, stream: Utf8Stream, mender: Mender | None) -> Iterator[pa.Table]:
        """Yield the rows of a stream, those saved from malformed records last."""
        source = pa.PythonFile(_Mended(stream, mender) if mender else stream, mode="r")
        for batch in self._open(source):
            numbers = pa.array(self._row_numbers(batch.num_rows))
            yield from self._checked(pa.Table.from_batches([batch]).append_column(ROW, numbers))
        if self._rescue.good:
            yield from self._checked(self._saved())

    def torn(self, exc: pa.ArrowInvalid) -> BadInputError:
        """Return why the file cannot be read on."""
        return BadInputError(
            f"{self._layout.where} 第 {self._next_record + self._more_lines} 行起",
            f"无法按表格读取（{exc}）",
            "请用表格软件打开检查这一行，或重新导出",
        )

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
        more = 0
        if row.text.strip().strip('"'):
            more = self._rescue.take(row.number + self._more_lines_seen, row.text)
        self._more_lines_seen += more
        self._skipped.append((row.number, more))
        return "skip"

    def _saved(self) -> pa.Table:
        lines = self._rescue.good
        columns = {
            name: pa.array([line.cells[at] or None for line in lines], pa.string())
            for at, name in enumerate(self._layout.header.names)
            if name
        }
        return pa.table(columns | {ROW: pa.array([line.row for line in lines], pa.int64())})

    def _checked(self, table: pa.Table) -> Iterator[pa.Table]:
        if self._encoding.damaged:
            table = without_damage(table, self._damaged)
        for start in range(0, table.num_rows, BATCH_ROWS):
            yield table.slice(start, BATCH_ROWS)

    def _row_numbers(self, count: int) -> np.ndarray:
        """Return the row numbers of the next `count` good records, between those set aside."""
        taken: list[np.ndarray] = []
        while count:
            until = self._skipped[0][0] if self._skipped else self._next_record + count
            run = min(count, until - self._next_record)
            start = self._next_record + self._more_lines
            taken.append(np.arange(start, start + run, dtype=np.int64))
            self._next_record += run
            count -= run
            if self._skipped and self._next_record == self._skipped[0][0]:
                self._more_lines += self._skipped.popleft()[1]
                self._next_record += 1
        return np.concatenate(taken) if taken else np.empty(0, dtype=np.int64)


def _head(open_stream: Callable[[], BinaryIO], encoding: Encoding) -> str:
    with open_stream() as stream:
        text = ""
        for piece in decoded(stream, encoding):
            text += piece
            if len(text) >= _HEAD_CHARACTERS:
                break
    return text[:_HEAD_CHARACTERS]


def _delimiter(head: str, known: Known) -> str:
    """Return the delimiter that gives most known headers, else the most regular table."""
    return max(_DELIMITERS, key=lambda mark: _fit(head, mark, known))


def _fit(head: str, delimiter: str, known: Known) -> tuple[int, int, int]:
    rows = list(islice(_csv_rows(head, delimiter), SEARCHED_ROWS))
    hits = max((sum(known(cell) for cell in row) for row in rows), default=0)
    widths = [len(row) for row in rows if len(row) > 1]
    width = max(set(widths), key=widths.count, default=1)
    return hits, widths.count(width), width


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
