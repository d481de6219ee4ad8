"""Empty tables to fill by hand, for what no platform exports."""

from collections.abc import Sequence
from dataclasses import dataclass

from huisheng.records import Column, Kind, all_tables

MADE_HERE = frozenset({"import_batches", "labels"})
"""Tables that the system itself fills."""

_FORMS = {
    Kind.ID: "编号",
    Kind.CODE: "用词",
    Kind.TEXT: "文字",
    Kind.JSON: "JSON",
    Kind.MONEY: "金额（元）",
    Kind.INSTANT: "时间，如 2026-08-01 09:30:00",
    Kind.DATE: "日期，如 2026-08-01",
    Kind.INTEGER: "整数",
    Kind.NUMBER: "数",
    Kind.FLAG: "是 / 否",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a template."""

    name: str
    means: str
    form: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Blank:
    """One template."""

    table: str
    label: str
    fields: tuple[Field, ...]


def all_blanks() -> list[Blank]:
    """Return a template per canonical table that files may fill."""
    return [
        Blank(name, table.label, tuple(_field(column, table.key) for column in table.columns))
        for name, table in all_tables().items()
        if name not in MADE_HERE
    ]


def header_of(name: str) -> list[str] | None:
    """Return the header line of one template; None where there is no such table."""
    if name in MADE_HERE or name not in all_tables():
        return None
    return [column.name for column in all_tables()[name].columns]


def _field(column: Column, key: Sequence[str]) -> Field:
    return Field(column.name, column.means, _FORMS[column.kind], column.name in key)
