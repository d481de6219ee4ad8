"""Rows of the lake as JSON: columns as files name them, nothing that identifies a person."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from huisheng.app.web.api.schemas.voices import Cell
from huisheng.records import Kind, Privacy, all_tables


def shown_row(table: str, row: Mapping[str, object]) -> dict[str, Cell]:
    """Return what a row says, by the header of each column in files."""
    return {
        name: _FORMATS[column.kind](value)
        for name, column in all_tables()[table].own.items()
        if name != "ext" and column.privacy is not Privacy.PSEUDONYM
        if (value := row.get(column.stored)) not in (None, "")
    }


def _instant(value: object) -> str:
    micros = int(str(value))
    return datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat().replace("+00:00", "Z")


_FORMATS: Mapping[Kind, Callable[[object], Cell]] = {
    Kind.ID: str,
    Kind.CODE: str,
    Kind.TEXT: str,
    Kind.JSON: str,
    Kind.MONEY: lambda value: int(str(value)) / 100,
    Kind.INSTANT: _instant,
    Kind.DATE: str,
    Kind.INTEGER: lambda value: int(str(value)),
    Kind.NUMBER: lambda value: float(str(value)),
    Kind.FLAG: bool,
}
