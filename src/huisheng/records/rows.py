"""Write small canonical tables by hand: for proofs, examples and tests."""

import json as json_module
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pyarrow as pa

from huisheng.catalog import pick
from huisheng.errors import DefinitionError
from huisheng.records.table import Column, Kind, Table

Cell = str | int | float | bool | None | Mapping[str, object]
Row = Mapping[str, Cell]

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local clock readings, shifted by an explicit offset
MICROSECOND = timedelta(microseconds=1)


def table_from_rows(
    name: str, rows: Sequence[Row], tables: Mapping[str, Table], offset_us: int
) -> pa.Table:
    """Return a lake table out of rows as a person writes them: yuan, local times, file headers.

    Raises:
        DefinitionError: a row has a column the table does not have.
    """
    table = pick(tables, name)
    stored: dict[str, list[Cell]] = {field: [] for field in table.schema.names}
    for number, row in enumerate(rows):
        for cell_name, value in _stored_row(name, table, row, number, offset_us).items():
            stored[cell_name].append(value)
    return pa.table(stored, schema=table.schema)


def _stored_row(name: str, table: Table, row: Row, number: int, offset_us: int) -> dict[str, Cell]:
    unknown = set(row) - set(table.own) - {"shop_id", "platform"}
    if unknown:
        raise DefinitionError(name, f"rows have unknown columns {sorted(unknown)}")
    cells: dict[str, Cell] = dict.fromkeys(table.schema.names)
    cells["shop_id"], cells["platform"] = row.get("shop_id", "s"), row.get("platform", "tmall")
    for header, column in table.own.items():
        cells[column.stored] = _cell(column, row.get(header), offset_us)
    for part in table.key[1:]:
        if cells[part] is None and table.own[part].kind is not Kind.INTEGER:
            cells[part] = ""
    cells["source_row"], cells["row_hash"] = number, number
    _land(table, cells, offset_us)
    return cells


def _cell(column: Column, value: Cell, offset_us: int) -> Cell:
    if value is None:
        return None
    if column.kind is Kind.MONEY:
        return round(float(str(value)) * 100)
    if column.kind is Kind.INSTANT:
        return (datetime.fromisoformat(str(value)) - EPOCH) // MICROSECOND - offset_us
    if column.kind is Kind.JSON and not isinstance(value, str):
        return json_module.dumps(value, ensure_ascii=False)
    return value


def _land(table: Table, cells: dict[str, Cell], offset_us: int) -> None:
    for instant in table.anchor:
        at = cells[instant]
        if isinstance(at, int):
            local = EPOCH + timedelta(microseconds=at + offset_us)
            cells["local_date"], cells["local_hour"] = local.date().isoformat(), local.hour
            return
