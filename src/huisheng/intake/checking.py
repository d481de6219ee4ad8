"""Canonical text to typed columns; what cannot be read is listed by row, column and reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import ROW
from huisheng.intake.kinds.documents import parse_document
from huisheng.intake.kinds.identifiers import parse_identifier, parse_person
from huisheng.intake.kinds.instants import parse_date, parse_instant
from huisheng.intake.kinds.money import parse_money
from huisheng.intake.kinds.numbers import parse_integer, parse_number
from huisheng.intake.kinds.outcome import Outcome
from huisheng.intake.kinds.places import parse_city, parse_province
from huisheng.intake.kinds.words import parse_code, parse_flag, parse_text
from huisheng.intake.vocabulary import words_of
from huisheng.records import Column, Kind, Privacy, Table

BAD_SCHEMA = pa.schema([(ROW, pa.int64()), ("column", pa.string()), ("reason", pa.string())])
_PLACES: Mapping[str, Callable[[pa.Array], Outcome]] = {
    "receiver_province": parse_province,
    "province": parse_province,
    "receiver_city": parse_city,
    "city": parse_city,
}


@dataclass(slots=True)
class Checked:
    """Typed rows and what was wrong.

    Attributes:
        rows: typed columns by stored name, plus `ROW`; bad cells are null.
        bad: `ROW`, column, reason; a row may be listed more than once.
        unknown_words: column → words outside its list → rows.
    """

    rows: pa.Table
    bad: list[pa.Table] = field(default_factory=list)
    unknown_words: dict[str, dict[str, int]] = field(default_factory=dict)


def check_rows(name: str, table: Table, rows: pa.Table, offset_us: int) -> Checked:
    """Type the columns of canonical text rows that the table has; others are left as they are."""
    number = rows[ROW].combine_chunks()
    columns: dict[str, pa.Array] = {}
    checked = Checked(rows)
    for header in rows.column_names:
        cells = rows[header].combine_chunks()
        column = table.own.get(header)
        if column is None or header == "ext":
            columns[header] = cells
            continue
        outcome = _parse(name, column, cells, offset_us)
        columns[column.stored] = outcome.values
        if outcome.reasons is not None:
            checked.bad.append(_listed(number, column.name, outcome.reasons))
        _note_unknown(name, column, outcome.values, checked)
    checked.rows = pa.table(columns)
    return checked


def check_keys(table: Table, rows: pa.Table) -> tuple[pa.Table, list[pa.Table]]:
    """Return rows whose missing text key parts are empty, and the rows that have no key."""
    bad = []
    number = rows[ROW].combine_chunks()
    for position, part in enumerate(table.key):
        column = table.own[part]
        values = rows[part].combine_chunks() if part in rows.column_names else None
        if values is not None and not values.null_count:
            continue
        if values is None:
            values = pa.nulls(rows.num_rows, table.schema.field(part).type)
        if position and pa.types.is_string(values.type):
            rows = _set(rows, part, pc.fill_null(values, ""))
            continue
        reason = pa.scalar(f"缺少{column.means}，请补上", pa.string())
        missing = pc.if_else(pc.is_null(values), reason, pa.scalar(None, pa.string()))
        bad.append(_listed(number, part, missing))
    return rows, bad


def _set(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, values)
    return rows.append_column(name, values)


def _listed(number: pa.Array, column: str, reasons: pa.Array) -> pa.Table:
    hit = pc.is_valid(reasons)
    rows = number.filter(hit)
    return pa.table([rows, pa.repeat(column, len(rows)), reasons.filter(hit)], schema=BAD_SCHEMA)


def _parse(table: str, column: Column, cells: pa.Array, offset_us: int) -> Outcome:
    if column.privacy is Privacy.PSEUDONYM:
        return parse_person(cells)
    if column.name in _PLACES:
        return _PLACES[column.name](cells)
    words = words_of(table, column.name)
    parsers: Mapping[Kind, Callable[[], Outcome]] = {
        Kind.ID: lambda: parse_identifier(cells),
        Kind.CODE: lambda: parse_code(cells, words),
        Kind.TEXT: lambda: parse_text(cells),
        Kind.JSON: lambda: parse_document(cells),
        Kind.MONEY: lambda: parse_money(cells),
        Kind.INSTANT: lambda: parse_instant(cells, offset_us),
        Kind.DATE: lambda: parse_date(cells, offset_us),
        Kind.INTEGER: lambda: parse_integer(
            parse_code(cells, words).values if words.known else cells
        ),
        Kind.NUMBER: lambda: parse_number(cells),
        Kind.FLAG: lambda: parse_flag(cells, words),
    }
    return parsers[column.kind]()


def _note_unknown(table: str, column: Column, values: pa.Array, checked: Checked) -> None:
    known = words_of(table, column.name).known
    if column.kind is not Kind.CODE or not known:
        return
    unknown = values.filter(pc.invert(pc.is_in(values, pa.array(sorted(known)))))
    for pair in pc.value_counts(unknown.drop_null()).to_pylist():
        counts = checked.unknown_words.setdefault(f"{table}.{column.name}", {})
        counts[pair["values"]] = counts.get(pair["values"], 0) + pair["counts"]
