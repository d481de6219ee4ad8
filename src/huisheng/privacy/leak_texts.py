"""Read text files for the leak scanner: lines, tables, JSON and pages become batches of texts."""

import codecs
import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import chain, islice
from typing import BinaryIO, TypeVar

import pyarrow as pa

from huisheng.privacy.kinds import Kind

T = TypeVar("T")
Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None

ROWS_PER_BATCH = 20_000
_SAMPLE_BYTES = 1 << 20
_LONGEST_PIECE = 500
_PIECE = re.compile(rf"(?s).{{1,{_LONGEST_PIECE}}}(?:[\s,;<>{{}}]|\Z)|.{{1,{_LONGEST_PIECE}}}")
_LABEL = re.compile(
    r"\s*[\u4e00-\u9fff]{0,6}(?:人|名|名字|抬头|电话|手机|地址|号|码|卡|微信)\s*[:：]?\s*"
)
_LONGEST_LABELLED = 60
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of one column, or of consecutive lines.

    Args:
        header: the column's name or the JSON key; empty in running text.
        texts: strings, nulls allowed.
        place: from an index to where the text stands, in Chinese.
        ignored: kinds that mean nothing here.
    """

    header: str
    texts: pa.Array
    place: Callable[[int], str]
    ignored: frozenset[Kind] = frozenset()


def batch(
    header: str,
    placed: Iterable[tuple[str, str | None]],
    ignored: frozenset[Kind] = frozenset(),
) -> Batch:
    """Make a batch of `(place, text)` pairs."""
    pairs = list(placed)
    texts = pa.array([text for _, text in pairs], pa.string())
    return Batch(header, texts, lambda index: pairs[index][0], ignored)


def encoding_of(sample: bytes) -> str | None:
    """Return the encoding of a text by its beginning, or None for binary data."""
    for mark, name in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def read_text(suffix: str, stream: BinaryIO) -> Iterator[Batch]:
    """Read a text by its suffix; anything unknown or broken is read as plain lines."""
    encoding = encoding_of(stream.read(_SAMPLE_BYTES))
    if encoding is None:
        return
    reader = _READERS.get(suffix, _lines)
    with _decoded(stream, encoding) as text:
        try:
            yield from reader(text)
        except (csv.Error, json.JSONDecodeError, RecursionError):
            text.seek(0)
            yield from _lines(text)


def json_leaves(value: Json, path: str = "$", key: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield `(path, key, text)` of every string in a JSON value; a list's items have its key."""
    match value:
        case str():
            yield path, key, value
        case list():
            for index, item in enumerate(value):
                yield from json_leaves(item, f"{path}[{index}]", key)
        case dict():
            for name, item in value.items():
                yield from json_leaves(item, f"{path}.{name}", name)


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut an iterable into lists of at most `ROWS_PER_BATCH`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, ROWS_PER_BATCH)):
        yield chunk


def by_key(leaves: Iterable[tuple[str, str, str]]) -> Iterator[Batch]:
    """Group `(place, key, text)` by key, one batch each."""
    groups: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for place, key, text in leaves:
        groups[key].append((place, text))
    return (batch(key, placed) for key, placed in groups.items())


@contextmanager
def _decoded(stream: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield text
    finally:
        # The stream is the caller's to close.
        text.detach()


def _lines(text: Iterable[str]) -> Iterator[Batch]:
    pieces = (
        (f"第 {number} 行", piece.group())
        for number, line in enumerate(text, start=1)
        for piece in _PIECE.finditer(line)
    )
    for chunk in in_batches(pieces):
        yield batch("", chunk)


def _table(text: io.TextIOWrapper) -> Iterator[Batch]:
    first_line = text.readline()
    delimiter = max(",\t;|", key=first_line.count)
    rows = csv.reader(chain([first_line], text), delimiter=delimiter)
    header = next(rows, [])
    # A file without header has data in its first row.
    yield batch("", (("第 1 行", cell) for cell in header))
    for chunk in in_batches(enumerate(rows, start=2)):
        width = max(len(row) for _, row in chunk)
        for column in range(width):
            name = header[column] if column < len(header) else ""
            yield batch(
                name,
                (
                    (f"第 {number} 行·{name or f'第 {column + 1} 列'}", row[column])
                    for number, row in chunk
                    if column < len(row)
                ),
            )


def _json(text: io.TextIOWrapper) -> Iterator[Batch]:
    yield from by_key(json_leaves(json.load(text)))


def _json_lines(text: Iterable[str]) -> Iterator[Batch]:
    for chunk in in_batches(enumerate(text, start=1)):
        leaves = [
            (f"第 {number} 行·{path}", key, found)
            for number, line in chunk
            if line.strip()
            for path, key, found in json_leaves(json.loads(line))
        ]
        yield from by_key(leaves)


def _page(text: io.TextIOWrapper) -> Iterator[Batch]:
    page = _Page()
    page.feed(text.read())
    page.close()
    yield batch("", _pieces(page.nodes))
    # The licence notes of a script library name their authors' addresses.
    yield batch("", _pieces(page.scripts), frozenset({Kind.EMAIL}))


def _pieces(nodes: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    for line, node in nodes:
        for piece in _PIECE.finditer(node):
            yield f"第 {line} 行", piece.group()


class _Page(HTMLParser):
    """Collects a page's texts and attributes, each short text behind the label before it."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[tuple[int, str]] = []
        self.scripts: list[tuple[int, str]] = []
        self._label = ""
        self._in_program = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_program = tag == "style" or (
            tag == "script" and "json" not in (dict(attrs).get("type") or "")
        )
        line = self.getpos()[0]
        self.nodes += [(line, value) for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self._in_program = self._in_program and tag not in ("script", "style")

    def handle_data(self, data: str) -> None:
        self._collect(data)

    def handle_comment(self, data: str) -> None:
        self._collect(data)

    def _collect(self, data: str) -> None:
        line = self.getpos()[0]
        if self._in_program:
            self.scripts.append((line, data))
        elif data.strip():
            labelled = self._label if len(data) <= _LONGEST_LABELLED else ""
            self.nodes.append((line, f"{labelled}{data}"))
            self._label = f"{data.strip()} " if _LABEL.fullmatch(data) else ""


_READERS: dict[str, Callable[[io.TextIOWrapper], Iterator[Batch]]] = {
    ".csv": _table,
    ".tsv": _table,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".html": _page,
    ".htm": _page,
}
