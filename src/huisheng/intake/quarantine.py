"""Rejected rows: masked, one CSV per imported file, safe to open in a spreadsheet."""

import csv
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from huisheng.intake.connector import ROW
from huisheng.intake.mapping import PERSON_PARTS
from huisheng.intake.personal import looks_personal
from huisheng.intake.protection import mask_names
from huisheng.intake.reading.sheet import UnreadRow
from huisheng.intake.report import BadRow
from huisheng.lake import Workspace
from huisheng.privacy import MaskKind, mask_column
from huisheng.records import Privacy, all_tables

SUPERSEDED = "superseded"
"""Folder, within the quarantine, of rejected rows of files that were imported again corrected."""

COLUMNS = ("file", "sheet", "row", "column", "reason", "cells")
_SCHEMA = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in COLUMNS])
_EXAMPLES = 5
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HIDDEN = "***"
_CANONICAL = {
    column.name: column for table in all_tables().values() for column in table.own.values()
}


class Quarantine:
    """Collects the rejected rows of one file in a CSV beside its staged tables."""

    def __init__(self, path: Path, file: str) -> None:
        self._path = path
        self._file = _defused(file)
        self._stream = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(COLUMNS)
        self.reasons: Counter[str] = Counter()
        self.examples: list[BadRow] = []

    @property
    def count(self) -> int:
        """Return the number of rejected rows."""
        return self.reasons.total()

    def add_bad(self, sheet: str, raw: pa.Table, bad: pa.Table) -> None:
        """Set rows aside: `raw` as read, `bad` one line per row with column and reason."""
        rows = raw.filter(pc.is_in(raw[ROW], bad[ROW].combine_chunks()))
        numbers = rows[ROW].to_pylist()
        masked = {
            name: masked_cells(name, rows[name].combine_chunks())
            for name in rows.column_names
            if name != ROW
        }
        cells = {
            number: {name: cell for name, column in masked.items() if (cell := column[at])}
            for at, number in enumerate(numbers)
        }
        for line in bad.to_pylist():
            number = line[ROW]
            self._add(BadRow(sheet, number, line["column"], line["reason"], cells.get(number, {})))

    def add_unread(self, sheet: str, unread: Iterable[UnreadRow]) -> None:
        """Set aside rows that could not be split into the header's cells."""
        for row in unread:
            texts = mask_names(pa.array(list(row.cells.values()), pa.string())).to_pylist()
            cells = dict(zip(row.cells, texts, strict=True))
            self._add(BadRow(sheet, row.row, "", row.reason, cells))

    def __enter__(self) -> Self:
        """Return itself; leaving the block closes the file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stream.close()

    def publish(self, folder: Path, file_hash: str) -> None:
        """Put the file in its place, or remove an older one when no row was rejected."""
        target = _place(folder, file_hash)
        _place(folder / SUPERSEDED, file_hash).unlink(missing_ok=True)
        if not self.count:
            target.unlink(missing_ok=True)
            return
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._path.replace(target)

    def _add(self, row: BadRow) -> None:
        self.reasons[row.reason] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(row)
        cells = json.dumps(dict(row.cells), ensure_ascii=False)
        named = (_defused(row.sheet), row.row, _defused(row.column), _defused(row.reason))
        self._writer.writerow((self._file, *named, cells))


def open_hashes(folder: Path, file_hashes: Iterable[str]) -> list[str]:
    """Return which of these files have rejected rows that are still open."""
    return sorted(each for each in file_hashes if _place(folder, each).exists())


def reopen(folder: Path, file_hashes: Iterable[str]) -> None:
    """Open again the rejected rows that a later version of their file had replaced."""
    for file_hash in file_hashes:
        replaced = _place(folder / SUPERSEDED, file_hash)
        if replaced.exists():
            replaced.replace(_place(folder, file_hash))


def forget(folder: Path, file_hash: str) -> None:
    """Remove the rejected rows of a file that is not imported any more."""
    _place(folder, file_hash).unlink(missing_ok=True)
    _place(folder / SUPERSEDED, file_hash).unlink(missing_ok=True)


def supersede(folder: Path, file_hashes: Iterable[str]) -> int:
    """Set aside the rejected rows of older versions of a file; return how many rows that are."""
    rows = 0
    for file_hash in file_hashes:
        open_rows = _place(folder, file_hash)
        if open_rows.exists():
            rows += _read(open_rows).num_rows
            (folder / SUPERSEDED).mkdir(exist_ok=True)
            open_rows.replace(_place(folder / SUPERSEDED, file_hash))
    return rows


def read_quarantine(workspace: Workspace, file_hash: str | None = None) -> pa.Table:
    """Return the rejected rows that are still open, of one file where one is named.

    Columns: file, sheet, row (int64), column, reason, cells (JSON, masked). Rows of a file of which
    a later version was imported are not open any more.
    """
    named = [_place(workspace.quarantine, file_hash)] if file_hash else None
    files = named or sorted(workspace.quarantine.glob("*.csv"))
    tables = [_read(file) for file in files if file.exists()]
    return pa.concat_tables([_SCHEMA.empty_table(), *tables])


def _place(folder: Path, file_hash: str) -> Path:
    return folder / f"{file_hash[:16]}.csv"


def _read(file: Path) -> pa.Table:
    return pa_csv.read_csv(
        file,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(column_types=_SCHEMA),
    )


def quarantine_counts(workspace: Workspace) -> Mapping[str, int]:
    """Return the number of open rejected rows per reason, most frequent first."""
    reasons = Counter(read_quarantine(workspace)["reason"].to_pylist())
    return dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))


def masked_cells(name: str, cells: pa.Array) -> list[str | None]:
    """Return the cells of one column of a file as people may see them."""
    if _is_personal(name):
        return [None if cell is None else _HIDDEN for cell in cells.to_pylist()]
    return list(mask_column(cells, MaskKind.FREE_TEXT).to_pylist())


def _is_personal(name: str) -> bool:
    """Return whether cells of this column are hidden whole: patterns cannot find a bare name."""
    column = _CANONICAL.get(name.lower())
    if column is None:
        return name in PERSON_PARTS or looks_personal(name)
    structured = column.mask not in (None, MaskKind.FREE_TEXT)
    return column.privacy is Privacy.PSEUDONYM or structured


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
