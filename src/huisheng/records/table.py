"""The shape of one canonical table: columns, key, meaning and privacy class."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pyarrow as pa

from huisheng.privacy import MaskKind


class Kind(StrEnum):
    """What a column holds, which decides how files are parsed and how the lake stores it."""

    ID = "id"  # a key: text, never a number
    CODE = "code"  # one of a few English or Chinese words
    TEXT = "text"  # words a person wrote
    JSON = "json"  # text holding JSON
    MONEY = "money"  # yuan in files, int64 fen in the lake (`<name>_fen`)
    INSTANT = "instant"  # local time in files, int64 UTC microseconds in the lake
    DATE = "date"  # local date, `YYYY-MM-DD`
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"


class Privacy(StrEnum):
    """How personal a column is, which decides what intake does before anything is stored."""

    OPEN = "open"  # not personal
    KEY = "key"  # an identifier of an order, parcel or ticket: kept, it is a join key
    PSEUDONYM = "pseudonym"  # identifies a person: stored only as a keyed hash
    MASKED = "masked"  # may contain personal data: stored masked


ARROW_TYPES = {
    Kind.ID: pa.string(),
    Kind.CODE: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.JSON: pa.string(),
    Kind.MONEY: pa.int64(),
    Kind.INSTANT: pa.int64(),
    Kind.DATE: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    `name` is the header in files; `stored` the name in the lake. A column that `latches` keeps
    the first value it ever had (design law 3). `mask` says how a `MASKED` column is masked.
    """

    name: str
    kind: Kind
    means: str
    privacy: Privacy = Privacy.OPEN
    mask: MaskKind | None = None
    latches: bool = False

    @property
    def stored(self) -> str:
        """Return the column's name in the lake: money carries its unit."""
        return f"{self.name}_fen" if self.kind is Kind.MONEY else self.name


def key(name: str, means: str) -> Column:
    """Return an identifier column that is kept as it is."""
    return Column(name, Kind.ID, means, Privacy.KEY)


def person(name: str, means: str) -> Column:
    """Return a column that identifies a person and is stored as a keyed hash."""
    return Column(name, Kind.ID, means, Privacy.PSEUDONYM)


def masked(name: str, means: str, mask: MaskKind = MaskKind.FREE_TEXT) -> Column:
    """Return a text column that is masked before it is stored."""
    return Column(name, Kind.TEXT, means, Privacy.MASKED, mask)


def masked_json(name: str, means: str) -> Column:
    """Return a JSON column whose text is masked before it is stored."""
    return Column(name, Kind.JSON, means, Privacy.MASKED, MaskKind.FREE_TEXT)


def code(name: str, means: str, *, latches: bool = False) -> Column:
    """Return a column holding one of a few words."""
    return Column(name, Kind.CODE, means, latches=latches)


def money(name: str, means: str) -> Column:
    """Return an amount: yuan in files, fen in the lake."""
    return Column(name, Kind.MONEY, means)


def instant(name: str, means: str, *, latches: bool = False) -> Column:
    """Return a point in time."""
    return Column(name, Kind.INSTANT, means, latches=latches)


def integer(name: str, means: str, *, latches: bool = False) -> Column:
    """Return a whole number."""
    return Column(name, Kind.INTEGER, means, latches=latches)


def number(name: str, means: str) -> Column:
    """Return a number with a fraction."""
    return Column(name, Kind.NUMBER, means)


def flag(name: str, means: str, *, latches: bool = False) -> Column:
    """Return a yes or no."""
    return Column(name, Kind.FLAG, means, latches=latches)


def date(name: str, means: str) -> Column:
    """Return a local date."""
    return Column(name, Kind.DATE, means)


def json(name: str, means: str) -> Column:
    """Return a JSON document that holds nothing personal."""
    return Column(name, Kind.JSON, means)


PROVENANCE = (
    code("shop_id", "店铺"),
    code("platform", "平台"),
    Column("source_file", Kind.TEXT, "来自哪个文件"),
    integer("source_row", "文件中的行号"),
    instant("imported_at", "导入时间"),
)
"""Columns on every table that say where a row came from."""

LANDING = (
    date("local_date", "锚定时间的本地日期"),
    integer("local_hour", "锚定时间的本地小时"),
    Column("row_hash", Kind.INTEGER, "内容指纹，不含来源"),
)
"""Columns on every table that are written at landing."""

BOOKKEEPING = frozenset({"source_file", "source_row", "imported_at", "row_hash"})
"""Columns that say nothing about the shop: left out of `row_hash` and so of `data_hash`."""


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Attributes:
        label: Chinese name.
        key: natural key within a shop.
        columns: the table's own columns; `ext` (JSON) and the provenance columns are added.
        anchor: instants whose first non-null one gives `local_date` and `local_hour`; a table
            with an anchor is partitioned by it, below the shop.
        derived: columns of the domain's schema that are computed, so dropped when a file has them.
    """

    label: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    anchor: tuple[str, ...] = ()
    derived: frozenset[str] = frozenset()

    @cached_property
    def own(self) -> dict[str, Column]:
        """Return the columns a file may fill, by file header, `ext` last."""
        ext = masked_json("ext", "其余字段")
        return {column.name: column for column in (*self.columns, ext)}

    @cached_property
    def schema(self) -> pa.Schema:
        """Return the Arrow schema of the table in the lake."""
        columns = (PROVENANCE[0], PROVENANCE[1], *self.own.values(), *PROVENANCE[2:], *LANDING)
        return pa.schema([pa.field(c.stored, ARROW_TYPES[c.kind]) for c in columns])

    @property
    def lake_key(self) -> tuple[str, ...]:
        """Return the key within the lake: the natural key, per shop."""
        return ("shop_id", *self.key)

    @property
    def partition(self) -> tuple[str, ...]:
        """Return the columns that partition the table in the lake.

        By shop first, so that one shop's import never rewrites another's rows.
        """
        return ("shop_id", "local_date") if self.anchor else ("shop_id",)
