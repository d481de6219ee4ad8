"""One record of any table, as a person reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis

from huisheng.app.web.shell.wording import local_time
from huisheng.app.web.voices.lines import TABLES, lines
from huisheng.app.web.voices.listing import Line, line_of
from huisheng.app.web.voices.orders import Row
from huisheng.app.web.voices.part import Part, Source, Stretch
from huisheng.app.web.voices.wording import fen, field, word
from huisheng.metrics import Facts
from huisheng.records import Kind, Privacy, all_tables

READABLE = frozenset(
    {
        "messages", "conversations", "reviews", "session_ratings", "refunds", "disputes", "tickets",
        "ticket_events", "survey_answers", "surveys", "orders", "shipments", "compensations",
    }
)  # fmt: skip
"""Tables whose rows findings cite."""

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Field:
    """One named value of a record."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """All rows with one id: one row, but for surveys (a row an answer) and parcels of orders."""

    source: Source
    rows: list[Row]

    @property
    def label(self) -> str:
        """Return the table's Chinese name."""
        return all_tables()[self.source[1]].label

    def value(self, column: str) -> str:
        """Return the first row's value of a column, empty where it has none."""
        found = self.rows[0].get(column)
        return "" if found is None else str(found)

    @property
    def fields(self) -> list[list[Field]]:
        """Return each row's values that say something; keyed hashes of people say nothing."""
        table = all_tables()[self.source[1]]
        columns = [
            column
            for name, column in table.own.items()
            if name != "ext" and column.privacy is not Privacy.PSEUDONYM
        ]
        return [
            [
                Field(field(column.name, column.means), _FORMATS[column.kind](value))
                for column in columns
                if (value := row[column.stored]) not in (None, "")
            ]
            for row in self.rows
        ]


def read_record(facts: Facts, source: Source) -> Record | None:
    """Return the rows of a table with an id; None where there is none."""
    shop_id, name, row_id = source
    if name not in READABLE:
        return None
    rows = facts.table(name)
    own = rows.filter((rows.shop_id == shop_id) & (rows[all_tables()[name].key[0]] == row_id))
    found = facts.engine.arrow(own.limit(MOST_ROWS)).to_pylist()
    return (
        Record(source, sorted(found, key=lambda row: int(str(row["source_row"] or 0))))
        if found
        else None
    )


def read_line(facts: Facts, source: Source) -> Line | None:
    """Return what a record says, as the labels read it; None where it says nothing."""
    shop_id, name, row_id = source
    if name not in TABLES:
        return None
    key = all_tables()[name].key[0]

    def keep(rows: ibis.Table) -> ibis.Table:
        return rows.filter((rows.shop_id == shop_id) & (rows[key] == row_id))

    named = (name, "surveys") if name == "survey_answers" else (name,)
    part = Facts(Part(facts.engine, dict.fromkeys(named, keep)))
    said = lines(part, Stretch((shop_id,), None), (name,))
    found = facts.engine.arrow(said).to_pylist()
    return line_of(found[0]) if found else None


_FORMATS: Mapping[Kind, Callable[[object], str]] = {
    Kind.ID: str,
    Kind.CODE: word,
    Kind.TEXT: str,
    Kind.JSON: str,
    Kind.MONEY: fen,
    Kind.INSTANT: lambda value: local_time(int(str(value))),
    Kind.DATE: str,
    Kind.INTEGER: str,
    Kind.NUMBER: lambda value: f"{value:g}",
    Kind.FLAG: lambda value: "是" if value else "否",
}
