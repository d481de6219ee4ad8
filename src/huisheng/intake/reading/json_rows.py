"""Read JSON lines, and a JSON document that is one list of objects; bad lines are set aside."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import BinaryIO

import pyarrow as pa

from huisheng.errors import BadInputError
from huisheng.intake.cells import normalise_header
from huisheng.intake.connector import ROW
from huisheng.intake.reading.encoding import Advance, Encoding, Utf8Stream
from huisheng.intake.reading.sheet import Sheet, UnreadRow

_BATCH = 16_384
_LONGEST_DOCUMENT = 256 << 20
_LONGEST_LINE = 16 << 20

Record = Mapping[str, object]


def read_json_lines(
    where: str, open_stream: Callable[[], BinaryIO], encoding: Encoding, advance: Advance
) -> Sheet:
    """Return the one sheet of a file with one JSON object per line.

    Raises:
        BadInputError: none of the first rows is a JSON object.
    """
    unread: list[UnreadRow] = []
    lines = _lines(where, Utf8Stream(open_stream(), encoding, advance))
    return _sheet(where, _batches(lines, unread), unread)


def read_json_document(
    where: str, open_stream: Callable[[], BinaryIO], encoding: Encoding, advance: Advance
) -> Sheet:
    """Return the one sheet of a JSON document that is a list of objects.

    Raises:
        BadInputError: it is not one, or larger than 256 MiB.
    """
    with Utf8Stream(open_stream(), encoding, advance) as stream:
        pieces = list(iter(stream.read, b""))
    if sum(map(len, pieces)) > _LONGEST_DOCUMENT:
        raise BadInputError(where, "JSON 文件超过 256 MiB", "请改为每行一条的 JSONL 再导入")
    try:
        document = json.loads(b"".join(pieces))
    except (ValueError, RecursionError) as exc:
        raise BadInputError(where, "不是合法的 JSON", "请改为每行一条的 JSONL 再导入") from exc
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise BadInputError(where, "不是由对象组成的 JSON 列表", "请改为每行一条的 JSONL 再导入")
    numbered = list(enumerate(document, 1))
    batches = (
        _table(numbered[start : start + _BATCH]) for start in range(0, len(numbered), _BATCH)
    )
    return _sheet(where, batches, [])


def _sheet(where: str, batches: Iterator[pa.Table], unread: list[UnreadRow]) -> Sheet:
    first = next(batches, None)
    if first is None:
        raise BadInputError(where, "没有一行是 JSON 对象", "请改为每行一条的 JSONL 再导入")
    header = tuple(name for name in first.column_names if name != ROW)
    return Sheet("", header, chain([first], batches), unread)


def _lines(where: str, stream: Utf8Stream) -> Iterator[bytes]:
    rest = b""
    with stream:
        while piece := stream.read():
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
            if len(rest) > _LONGEST_LINE:
                raise BadInputError(where, "有一行超过 16 MiB", "请确认文件是每行一条的 JSONL")
    if rest:
        yield rest


def _batches(lines: Iterable[bytes], unread: list[UnreadRow]) -> Iterator[pa.Table]:
    numbered = enumerate(lines, 1)
    while piece := list(islice(numbered, _BATCH)):
        filled = [(row, line) for row, line in piece if line.strip().strip(b"\xef\xbb\xbf")]
        records = list(_records(filled, unread))
        if records:
            yield _table(records)


def _records(
    lines: list[tuple[int, bytes]], unread: list[UnreadRow]
) -> Iterator[tuple[int, Record]]:
    try:
        # One call for all lines is several times faster than one call for each.
        parsed = json.loads(b"[%s]" % b",".join(line for _, line in lines))
    except (ValueError, RecursionError):
        parsed = None
    if parsed is None or len(parsed) != len(lines):
        parsed = [_parsed(line) for _, line in lines]
    for (row, line), value in zip(lines, parsed, strict=True):
        if isinstance(value, dict):
            yield row, value
        else:
            text = line.decode(errors="replace")
            unread.append(UnreadRow(row, "这一行不是 JSON 对象，请改正", {"内容": text}))


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _table(records: list[tuple[int, Record]]) -> pa.Table:
    names = list(dict.fromkeys(name for _, record in records for name in record))
    columns: dict[str, pa.Array] = {}
    for name in names:
        cells = pa.array([_cell(record.get(name)) for _, record in records], pa.string())
        columns.setdefault(normalise_header(name), cells)
    columns.pop("", None)
    columns[ROW] = pa.array([row for row, _ in records], pa.int64())
    return pa.table(columns)


def _cell(value: object) -> str | None:
    if value is None or type(value) is str:
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
