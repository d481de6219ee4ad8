"""Tables ready to be written: columns by header, and the files they become."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter
from pyarrow import csv

from huisheng.app.demo.frame import Flags, Ints, Times, Words, either
from huisheng.app.demo.goods import words

Sheet = dict[str, pa.Array]
"""Columns of one file, by header."""

WORKBOOK_DATE = datetime(2026, 1, 1)  # noqa: DTZ001 - a workbook's date has no zone
EMPTY_CELL = ""


def instants(times: Times) -> pa.Array:
    """Return instants as a column: `YYYY-MM-DD HH:MM:SS` in CSV, empty for NaT."""
    return pa.array(times.astype("M8[s]"))


def yuan(fen: Ints, missing: Flags | None = None) -> pa.Array:
    """Return fen as yuan with two decimals; `missing` rows are empty."""
    raw = np.column_stack([fen, fen >> 63]).astype("<i8")
    exact = pa.Array.from_buffers(
        pa.decimal128(18, 2), len(fen), [None, pa.py_buffer(np.ascontiguousarray(raw))]
    )
    if missing is None:
        return exact
    return pc.if_else(pa.array(missing), None, exact)


def texts(values: Words, missing: Flags | None = None) -> pa.Array:
    """Return words as a column; None and `missing` rows are empty."""
    if missing is not None:
        values = either(missing, None, values)
    return pa.array(values, type=pa.string())


def same(value: str, size: int) -> pa.Array:
    """Return a column of `size` equal words."""
    return pa.array([value], type=pa.string()).take(pa.array(np.zeros(size, dtype=np.int64)))


def rows_of(sheet: Sheet, keep: Flags) -> Sheet:
    """Return the rows of a sheet that are in `keep`."""
    mask = pa.array(keep)
    return {name: column.filter(mask) for name, column in sheet.items()}


def spelled(times: Times, pattern: str = "{}") -> Words:
    """Return instants as `YYYY-MM-DD HH:MM:SS` in `pattern`; NaT becomes the empty word."""
    found = np.char.replace(np.datetime_as_string(times.astype("M8[s]"), unit="s"), "T", " ")
    out: Words = found.astype(object)
    if pattern != "{}":
        out = words([pattern.format(word) for word in out])
    out[np.isnat(times)] = EMPTY_CELL
    return out


def plain_yuan(fen: Ints) -> Words:
    """Return fen as words of yuan."""
    out: Words = np.char.mod("%.2f", fen / 100).astype(object)
    return out


def adorned_yuan(fen: Ints) -> Words:
    """Return fen as the words some exports use for yuan: `1,234.50元`, quoted."""
    return words([f'"{amount:,.2f}元"' for amount in (fen / 100).tolist()])


def write_csv(path: Path, sheet: Sheet, encoding: str = "utf-8") -> None:
    """Write a sheet as CSV in `encoding`."""
    sink = io.BytesIO()
    csv.write_csv(pa.table(sheet), sink)
    content = sink.getvalue()
    if encoding != "utf-8":
        content = content.decode("utf-8").encode(encoding)
    path.write_bytes(content)


def write_raw_csv(path: Path, sheet: dict[str, Words], encoding: str) -> None:
    """Write words as CSV exactly as they are, quotes and tabs included."""
    lines = [",".join(sheet)]
    lines += [",".join(row) for row in zip(*sheet.values(), strict=True)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))


def write_parquet(path: Path, sheet: Sheet) -> None:
    """Write a sheet as Parquet; instants and money as text, as exporters do."""
    table = pa.table(sheet)
    columns = [_as_text(column) for column in table.columns]
    pq.write_table(pa.table(columns, names=table.column_names), path, compression="zstd")


def write_jsonl(path: Path, sheet: Sheet) -> None:
    """Write a sheet as JSON lines; empty cells are left out."""
    table = pa.table(sheet)
    names = table.column_names
    columns = [_json_cells(name, column) for name, column in zip(names, table.columns, strict=True)]
    lines = ("{" + ",".join(filter(None, row)) + "}\n" for row in zip(*columns, strict=True))
    path.write_text("".join(lines), encoding="utf-8")


def write_xlsx(path: Path, sheet: dict[str, Words], title: str = "Sheet1") -> None:
    """Write words as a workbook of one sheet; empty words are empty cells."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    book.set_properties({"created": WORKBOOK_DATE})
    page = book.add_worksheet(title)
    write: Callable[[int, int, str], int] = page.write_string
    for column, header in enumerate(sheet):
        write(0, column, header)
    for row, cells in enumerate(zip(*sheet.values(), strict=True), start=1):
        for column, cell in enumerate(cells):
            if cell:
                write(row, column, cell)
    book.close()


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_decimal(column.type):
        return column.cast(pa.string())
    return column


def _json_cells(name: str, column: pa.ChunkedArray) -> list[str | None]:
    """Return `"name":value` for each cell, None where the cell is empty."""
    encode = pa.types.is_string(column.type) or pa.types.is_timestamp(column.type)
    quoted = encode or pa.types.is_decimal(column.type)
    cells = _as_text(column).cast(pa.string()).to_pylist()
    head = f'"{name}":'
    if not quoted:
        return [None if cell is None else head + cell for cell in cells]
    return [None if cell is None else f'{head}"{_escaped(cell)}"' for cell in cells]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
