"""What every reader gives: sheets, each with a header and batches of raw rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import ROW

REPLACED = "\ufffd"
"""What a byte that does not decode becomes."""

BATCH_ROWS = 65_536
"""Rows per batch: large enough for vectorised work, small enough for bounded memory."""


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that could not be split into the header's cells. Not masked: never store it.

    Attributes:
        row: row number in the file.
        reason: what is wrong, in Chinese.
        cells: what there is, by position («第 1 格») or by header.
    """

    row: int
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table in a file.

    Attributes:
        name: the worksheet's name; empty for a file that has none.
        header: normalised names of its columns; nameless columns are left out.
        batches: raw rows: string columns named by header, plus `ROW`.
        unread: rows that could not be read; filled while `batches` is consumed.
        label: what a text format says it is; empty for tables.
    """

    name: str
    header: tuple[str, ...]
    batches: Iterator[pa.Table]
    unread: list[UnreadRow] = field(default_factory=list)
    label: str = ""


def without_damage(rows: pa.Table, unread: list[UnreadRow]) -> pa.Table:
    """Return the rows whose bytes all decoded; the others are appended to `unread`."""
    damaged = pa.chunked_array([pa.repeat(False, rows.num_rows)])
    for name in rows.column_names:
        if name != ROW:
            hits = pc.fill_null(pc.match_substring(rows[name], REPLACED), False)
            damaged = pc.or_(damaged, hits)
    if not pc.any(damaged).as_py():
        return rows
    for row in rows.filter(damaged).to_pylist():
        number = row.pop(ROW)
        cells = {name: cell for name, cell in row.items() if cell is not None}
        unread.append(UnreadRow(number, "编码损坏，有无法解码的字符，请重新导出", cells))
    return rows.filter(pc.invert(damaged))
