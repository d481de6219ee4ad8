"""Name a canonical column as the file at hand calls it, for messages about its cells."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import ROW
from huisheng.intake.reading.sheet import Sheet
from huisheng.intake.recognition import Plan
from huisheng.records import all_tables

Names = Mapping[tuple[str, str], str]
"""(table, canonical column) → the file's header."""


def file_headers(plan: Plan, sheet: Sheet) -> Names:
    """Return which column of a sheet fills which canonical column.

    A row in which every cell holds the name of its own column is converted like any other: where a
    name comes out unchanged, its cells do. Of columns that are made of several, or of coded words,
    nothing comes out, and they are not listed.
    """
    headers = [name for name in sheet.header if name != ROW]
    if not headers:
        return {}
    row = {name: pa.array([name]) for name in headers} | {ROW: pa.array([1], pa.int64())}
    return {
        (table, column): cell
        for table, rows in plan.convert(pa.table(row)).items()
        for column in rows.column_names
        if (cell := next(iter(rows[column].to_pylist()), None)) in row and column != ROW
    }


def with_file_headers(bad: pa.Table, table: str, names: Names) -> pa.Table:
    """Return complaints about cells with the file's header first, the canonical in brackets."""
    own = all_tables()[table].own
    columns = pc.unique(bad["column"]).to_pylist()
    shown = []
    for column in columns:
        meaning = own[column].means if column in own else column
        header = names.get((table, column), meaning)
        shown.append(header if header == column else f"{header}（{column}）")
    at = pc.index_in(bad["column"], pa.array(columns, pa.string()))
    return bad.set_column(
        bad.column_names.index("column"), "column", pa.array(shown, pa.string()).take(at)
    )
