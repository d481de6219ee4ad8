"""Rejected rows: masked, one CSV per imported file and shop, safe to open in a spreadsheet."""

import csv
import json
import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self, TextIO

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

MARK_LENGTH = 16
"""Rejected rows are kept under the first characters of their file's digest."""

UNKNOWN = ""
"""Stands for the shop of rows of which nobody can say whose they are."""

COLUMNS = ("file", "sheet", "row", "column", "reason", "cells")
_SCHEMA = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in COLUMNS])
_EXAMPLES = 5
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HIDDEN = "***"
_CANONICAL = {
    column.name: column for table in all_tables().values() for column in table.own.values()
}


class Quarantine:
    """Collects the rejected rows of one file, a CSV per shop beside its staged tables.

    Rows whose shop nobody can read are kept for `shop_id`.
    """

    def __init__(self, folder: Path, file: str, shop_id: str) -> None:
        self._folder = folder
        self._file = _defused(file)
        self._shop_id = shop_id
        self._parts: dict[str, TextIO] = {}
        self.reasons: Counter[str] = Counter()
        self.shops: Counter[str] = Counter()
        self.examples: list[BadRow] = []

    @property
    def count(self) -> int:
        """Return the number of rejected rows."""
        return self.reasons.total()

    def add_bad(self, sheet: str, raw: pa.Table, bad: pa.Table, shops: Mapping[int, str]) -> None:
        """Set rows aside: `raw` as read, `bad` one line per row with column and reason.

        `shops` names the shop of each row, by number, where it is known.
        """
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
            row = BadRow(sheet, number, line["column"], line["reason"], cells.get(number, {}))
            self._add(shops.get(number, self._shop_id), row)

    def add_unread(self, sheet: str, unread: Iterable[UnreadRow]) -> None:
        """Set aside rows that could not be split into the header's cells."""
        for row in unread:
            texts = mask_names(pa.array(list(row.cells.values()), pa.string())).to_pylist()
            cells = dict(zip(row.cells, texts, strict=True))
            self._add(self._shop_id, BadRow(sheet, row.row, "", row.reason, cells))

    def __enter__(self) -> Self:
        """Return itself; leaving the block closes the file."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        for part in self._parts.values():
            part.close()

    def publish(self, folder: Path, file_hash: str, shops: Sequence[str]) -> None:
        """Put the rows in their places, or remove older ones of shops that have none any more.

        `shops` are those the file has rows of; what belongs to none of them is the only one's,
        or nobody's of several.
        """
        home = shops[0] if len(shops) == 1 else UNKNOWN
        for shop in [shop for shop in self._parts if shop not in (*shops, UNKNOWN, home)]:
            self._move(shop, home)
        if home:
            self._move(UNKNOWN, home)
        for shop in {*shops, UNKNOWN}:
            target = _place(folder, file_hash, shop)
            _place(folder / SUPERSEDED, file_hash, shop).unlink(missing_ok=True)
            if shop in self._parts:
                part = self._parts[shop]
                part.flush()
                os.fsync(part.fileno())
                self._place(shop).replace(target)
            else:
                target.unlink(missing_ok=True)

    def _add(self, shop_id: str, row: BadRow) -> None:
        self.reasons[row.reason] += 1
        self.shops[shop_id] += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(row)
        cells = json.dumps(dict(row.cells), ensure_ascii=False)
        named = (_defused(row.sheet), row.row, _defused(row.column), _defused(row.reason))
        csv.writer(self._part(shop_id)).writerow((self._file, *named, cells))

    def _part(self, shop_id: str) -> TextIO:
        if shop_id not in self._parts:
            self._folder.mkdir(exist_ok=True)
            part = self._place(shop_id).open("w", encoding="utf-8", newline="")
            csv.writer(part).writerow(COLUMNS)
            self._parts[shop_id] = part
        return self._parts[shop_id]

    def _move(self, shop_id: str, home: str) -> None:
        """Give the rows of one shop to another."""
        part = self._parts.pop(shop_id, None)
        if part is None:
            return
        part.close()
        with self._place(shop_id).open(encoding="utf-8", newline="") as rows:
            rows.readline()
            shutil.copyfileobj(rows, self._part(home))

    def _place(self, shop_id: str) -> Path:
        return _place(self._folder, "rows", shop_id)


def open_hashes(folder: Path, file_hashes: Iterable[str], shops: Collection[str]) -> list[str]:
    """Return which of these files have rejected rows of some shops that are still open."""
    return sorted(each for each in file_hashes if any(_places(folder, each, shops)))


def reopen(folder: Path, file_hashes: Iterable[str], shops: Collection[str]) -> None:
    """Open again the rejected rows that a later version of their file had replaced."""
    for file_hash in file_hashes:
        for replaced in _places(folder / SUPERSEDED, file_hash, shops):
            replaced.replace(folder / replaced.name)


def forget(folder: Path, file_hash: str) -> None:
    """Remove the rejected rows of a file that is not imported any more."""
    for each in (folder, folder / SUPERSEDED):
        for rows in each.glob(f"{file_hash[:MARK_LENGTH]}*.csv"):
            rows.unlink(missing_ok=True)


def supersede(folder: Path, file_hashes: Iterable[str], shops: Collection[str]) -> int:
    """Set aside some shops' rejected rows of older versions of a file; return how many."""
    rows = 0
    for file_hash in file_hashes:
        for replaced in _places(folder, file_hash, shops):
            rows += _read(replaced).num_rows
            (folder / SUPERSEDED).mkdir(exist_ok=True)
            replaced.replace(folder / SUPERSEDED / replaced.name)
    return rows


def open_rows(workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """Return the shops that have open rejected rows, by the mark of their file.

    The mark is the first characters of the file's digest; the shop is empty where nobody can say.
    """
    found: dict[str, set[str]] = {}
    for file in sorted(workspace.quarantine.glob("*.csv")):
        found.setdefault(file.stem[:MARK_LENGTH], set()).add(_shop_of(file))
    return {mark: frozenset(shops) for mark, shops in found.items()}


def read_quarantine(
    workspace: Workspace, mark: str | None = None, shops: Collection[str] | None = None
) -> pa.Table:
    """Return the rejected rows that are still open, of one file or some shops where they are named.

    Columns: file, sheet, row (int64), column, reason, cells (JSON, masked). Rows of a file of which
    a later version was imported are not open any more. An empty shop asks for the rows of which
    nobody can say whose they are.
    """
    files = sorted(workspace.quarantine.glob(f"{mark[:MARK_LENGTH]}*.csv" if mark else "*.csv"))
    tables = [_read(file) for file in files if shops is None or _shop_of(file) in shops]
    return pa.concat_tables([_SCHEMA.empty_table(), *tables])


def quarantine_counts(workspace: Workspace) -> Mapping[str, Mapping[str, int]]:
    """Return the number of open rejected rows per shop and reason, most frequent first."""
    shops = {shop for shops in open_rows(workspace).values() for shop in shops}
    found = {}
    for shop in sorted(shops):
        reasons = Counter(read_quarantine(workspace, shops=[shop])["reason"].to_pylist())
        found[shop] = dict(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])))
    return found


def _place(folder: Path, file_hash: str, shop_id: str) -> Path:
    mark = file_hash[:MARK_LENGTH]
    return folder / (f"{mark}-{shop_id}.csv" if shop_id else f"{mark}.csv")


def _places(folder: Path, file_hash: str, shops: Collection[str]) -> Iterator[Path]:
    """Yield the files there are of some shops, and of those whose shop nobody can say."""
    for shop in sorted({*shops, UNKNOWN}):
        place = _place(folder, file_hash, shop)
        if place.exists():
            yield place


def _shop_of(file: Path) -> str:
    return file.stem[MARK_LENGTH + 1 :]


def _read(file: Path) -> pa.Table:
    return pa_csv.read_csv(
        file,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(column_types=_SCHEMA),
    )


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
