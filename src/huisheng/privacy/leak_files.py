"""Open any file for the leak scanner by what it begins with: tables, archives, databases, text."""

import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from gzip import GzipFile
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from huisheng.errors import BadInputError
from huisheng.privacy.leak_texts import Batch, batch, by_key, in_batches, json_leaves, read_text

_LARGEST_MEMBER_BYTES = 1 << 30
_DEEPEST_ARCHIVE = 4
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_OLE = b"\xd0\xcf\x11\xe0"
_SQLITE_JOURNALS = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\xd9\xd5\x05\xf9")
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]{6,4000}")
_BROKEN = (
    pa.ArrowException,
    OSError,
    EOFError,
    CalamineError,
    sqlite3.Error,
    zipfile.BadZipFile,
    RuntimeError,
)


def read_file(name: str, stream: BinaryIO, depth: int = 0) -> Iterator[tuple[str, Batch]]:
    """Yield `(name, batch)` for all texts of a file; members of an archive are `archive!member`.

    Binary files that are none of the known kinds (images, fonts, models) hold no texts.

    Raises:
        BadInputError: the file is broken, locked by a password, or packed too large or too deep.
    """
    head = stream.read(16)
    stream.seek(0)
    suffix = PurePath(name).suffix.lower()
    try:
        if depth > _DEEPEST_ARCHIVE:
            raise RuntimeError("压缩包嵌套太深")
        if head.startswith(b"\x1f\x8b"):
            unpacked = BytesIO(GzipFile(fileobj=stream).read())
            inner = read_file(name.removesuffix(".gz"), unpacked, depth + 1)
            yield from ((name, found) for _, found in inner)
        elif head.startswith(b"PK\x03\x04") and suffix not in _WORKBOOKS:
            yield from _archive(name, stream, depth)
        else:
            yield from ((name, found) for found in _reader(head, suffix)(stream))
    except _BROKEN as error:
        raise BadInputError(
            name, f"打不开，无法检查（{error}）", "请确认文件完整、未加密"
        ) from error


def _reader(head: bytes, suffix: str) -> Callable[[BinaryIO], Iterator[Batch]]:
    if head.startswith(b"PAR1"):
        return _parquet
    if head.startswith(b"SQLite format 3"):
        return _sqlite
    if head.startswith(_SQLITE_JOURNALS):
        return _raw_strings
    if head.startswith((b"PK\x03\x04", _OLE)):
        return _workbook
    return lambda stream: read_text(suffix, stream)


def _archive(name: str, stream: BinaryIO, depth: int) -> Iterator[tuple[str, Batch]]:
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if member.file_size > _LARGEST_MEMBER_BYTES:
                raise RuntimeError(f"{member.filename} 解开后超过 1 GB")
            if not member.is_dir():
                content = BytesIO(archive.read(member))
                yield from read_file(f"{name}!{member.filename}", content, depth + 1)


def _parquet(stream: BinaryIO) -> Iterator[Batch]:
    done = 0
    for rows in pq.ParquetFile(stream).iter_batches():
        for column, values in zip(rows.schema.names, rows.columns, strict=True):
            yield from _column(column, values, done)
        done += rows.num_rows


def _column(name: str, values: pa.Array, done: int) -> Iterator[Batch]:
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = values.cast(pa.string())
        yield Batch(name, texts, lambda index: f"第 {done + index + 1} 行·{name}")
    elif pa.types.is_nested(kind):
        yield from by_key(
            (f"第 {done + index + 1} 行·{path}", key, text)
            for index, value in enumerate(values.to_pylist())
            for path, key, text in json_leaves(value, name, name)
        )


def _workbook(stream: BinaryIO) -> Iterator[Batch]:
    book = CalamineWorkbook.from_filelike(stream)
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python()
        header = [str(cell) for cell in rows[0]] if rows else []
        yield batch("", ((f"{sheet} 第 1 行", cell) for cell in header))
        for column, title in enumerate(header):
            placed = (
                (f"{sheet} 第 {number} 行·{title}", _written(row[column]))
                for number, row in enumerate(rows[1:], start=2)
            )
            for chunk in in_batches(placed):
                yield batch(title, chunk)


def _written(cell: object) -> str:
    """Return a cell as its reader sees it: Excel keeps a phone as the number 13812345678.0."""
    text = str(cell)
    return text.removesuffix(".0")


def _sqlite(stream: BinaryIO) -> Iterator[Batch]:
    content = bytearray(stream.read())
    # Says "no write-ahead log", which a database in memory cannot have; the log is read apart.
    content[18:20] = b"\x01\x01"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(bytes(content))
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            yield from _rows(connection, table)


def _raw_strings(stream: BinaryIO) -> Iterator[Batch]:
    """Read what looks like text in a database journal, whose pages have no simple order."""
    runs = _PRINTABLE.finditer(stream.read())
    placed = ((f"第 {run.start()} 字节", run.group().decode("utf-8", "ignore")) for run in runs)
    for chunk in in_batches(placed):
        yield batch("", chunk)


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[Batch]:
    quoted = table.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')
    names = [column[0] for column in cursor.description]
    for chunk in in_batches(enumerate(cursor, start=1)):
        yield from by_key(
            (f"{table} 第 {number} 行·{name}", name, value)
            for number, row in chunk
            for name, value in zip(names, row, strict=True)
            if isinstance(value, str)
        )
