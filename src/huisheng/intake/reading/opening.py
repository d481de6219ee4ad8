"""Open any known file as sheets of raw rows, by what it is rather than what it is called."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.intake.connector import ROW, Connector, TextFormat
from huisheng.intake.reading.delimited import read_delimited
from huisheng.intake.reading.encoding import Advance, Encoding, decoded, decoded_lines, detect
from huisheng.intake.reading.header import Known
from huisheng.intake.reading.json_rows import read_json_document, read_json_lines
from huisheng.intake.reading.parquet_rows import read_parquet
from huisheng.intake.reading.sheet import Sheet
from huisheng.intake.reading.workbook import read_workbook
from huisheng.intake.sources import Source

_WORKBOOK_SIGNS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PARQUET_SIGN = b"PAR1"
_RECOGNISED_CHARACTERS = 1 << 16
_TEXT_SUFFIXES = frozenset({".txt", ".log", ".json"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's sheets, its encoding (empty for binary formats) and, for a text, its format."""

    sheets: Iterator[Sheet]
    encoding: str
    connector: Connector | None = None


@contextmanager
def open_file(
    source: Source, known: Known, texts: Sequence[Connector], advance: Advance
) -> Iterator[Opened]:
    """Give the sheets of a file, which is closed when the block ends.

    Args:
        source: the file.
        known: whether a normalised header is one we have heard of.
        texts: connectors for files that are not tables.
        advance: told the size of every piece read.

    Raises:
        BadInputError: empty, damaged, binary, or not a table in any format we read.
    """
    if source.size == 0:
        raise BadInputError(source.name, "文件是空的（0 字节）", "请重新导出后再导入")
    with source.open() as stream:
        sign = stream.read(4)
    if sign == _PARQUET_SIGN or source.suffix in {".parquet", ".pq"}:
        with source.seekable() as stream:
            yield Opened(iter([read_parquet(source.name, stream, advance)]), "")
    elif sign.startswith(_WORKBOOK_SIGNS) or source.suffix.startswith(".xls"):
        with source.seekable() as stream:
            yield Opened(read_workbook(source.name, stream, known, advance), "")
    else:
        yield _open_text(source, known, texts, advance)


def _open_text(
    source: Source, known: Known, texts: Sequence[Connector], advance: Advance
) -> Opened:
    encoding = detect(source.name, source.open)
    head = _head(source, encoding)
    for connector in texts if source.suffix in _TEXT_SUFFIXES else ():
        if connector.text is not None and connector.text.recognises(head):
            sheet = _text_sheet(source, encoding, connector.text, connector.label)
            return Opened(iter([sheet]), encoding.label, connector)
    sheet = _table_sheet(source, encoding, head.lstrip("\ufeff \t\r\n")[:1], known, advance)
    return Opened(iter([sheet]), encoding.label)


def _table_sheet(
    source: Source, encoding: Encoding, sign: str, known: Known, advance: Advance
) -> Sheet:
    if not sign:
        raise BadInputError(source.name, "文件里没有内容", "请重新导出后再导入")
    if sign == "{":
        return read_json_lines(source.name, source.open, encoding, advance)
    if sign == "[" and source.suffix.startswith(".json"):
        return read_json_document(source.name, source.open, encoding, advance)
    return read_delimited(source.name, source.open, encoding, known, advance)


def _text_sheet(source: Source, encoding: Encoding, text: TextFormat, label: str) -> Sheet:
    def batches() -> Iterator[pa.Table]:
        with source.open() as stream:
            yield from text.rows(decoded_lines(stream, encoding))

    return Sheet("", (ROW,), batches(), label=label)


def _head(source: Source, encoding: Encoding) -> str:
    with source.open() as stream:
        return next(decoded(stream, encoding), "")[:_RECOGNISED_CHARACTERS]
