"""Take writes back: a shop's rows as they stood before, out of the versions that Delta keeps."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from huisheng.errors import NotAllowedError
from huisheng.lake.duckdb_engine import configure, scan_sql
from huisheng.lake.manifest import read_manifest
from huisheng.lake.store import KEPT_HOURS, Write
from huisheng.lake.workspace import Workspace
from huisheng.records import Table, all_tables

LABELS = "labels"
MEMORY = "400MB"
PARTS_AT_ONCE = 5_000
SIDES = ("before", "now")

Comparison = tuple[duckdb.DuckDBPyConnection, list[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Edit:
    """What one write did to one table: the versions it found (None: no table yet) and made."""

    table: str
    before: int | None
    after: int


@dataclass(frozen=True, slots=True)
class Reversal:
    """How many rows of one table taking writes back changes.

    Attributes:
        table: its name.
        vanishing: rows that the writes inserted.
        reverting: rows that the writes changed.
        labels: labels of these rows that go with them.
        judged: how many of the labels a person gave.
    """

    table: str
    vanishing: int
    reverting: int
    labels: int = 0
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of writes to one table of some shops, the earliest first.

    Attributes:
        table: its name.
        shops: whose rows are taken back.
        edits: the writes.
        row_id: the column that labels name a row by; empty where nobody labels rows.
    """

    table: str
    shops: frozenset[str]
    edits: tuple[Edit, ...]
    row_id: str = ""


def changed_by_others(workspace: Workspace, span: Span) -> bool:
    """Return whether anything else changed these shops' rows between or after the writes.

    Raises:
        NotAllowedError: versions that must be looked at are not kept any more.
    """
    now = read_manifest(workspace.lake).versions.get(span.table)
    seen = [edit.before for edit in span.edits[1:]] + [now]
    pairs = zip((edit.after for edit in span.edits), seen, strict=True)
    return any(_differ(workspace, span, one, other) for one, other in pairs)


def reversal(workspace: Workspace, span: Span) -> Reversal:
    """Return what taking a span back would change; see `Span`.

    Raises:
        NotAllowedError: the rows as they stood before are not kept any more.
    """
    with _difference(workspace, span) as (connection, parts):
        if not parts:
            return Reversal(span.table, 0, 0)
        counts = _count(connection, "SELECT count(*) FILTER (WHERE gone), count(*) FROM altered")
        vanishing, altered = counts
        labels, judged = (0, 0)
        if _with_labels(workspace, span, connection):
            labels, judged = _count(
                connection, "SELECT count(*), count(*) FILTER (WHERE source = 'human') FROM doomed"
            )
        return Reversal(span.table, vanishing, altered - vanishing, labels, judged)


def take_back(write: Write, workspace: Workspace, span: Span) -> None:
    """Put the shops' rows back as they stood before the span's first write.

    `write` must hold the table, and `labels` where rows are labelled. Only days that differ are
    rewritten; rows come back as they were, with their fingerprint and their provenance.
    """
    table = all_tables()[span.table]
    with _difference(workspace, span) as (connection, parts):
        for some in _slices(parts):
            with _staged(workspace, connection, f"FROM before WHERE {_inside(table, some)}") as old:
                write.delete(span.table, _inside(table, some))
                if old is not None:
                    write.upsert(span.table, [old])
        if parts and _with_labels(workspace, span, connection):
            _drop_labels(write, workspace, connection)


def columns_at(workspace: Workspace, name: str, version: int, columns: list[str]) -> pa.Table:
    """Return columns of a small table as of a version.

    Raises:
        NotAllowedError: the version is not kept any more.
    """
    schema = pa.schema([all_tables()[name].schema.field(column) for column in columns])
    with _kept():
        delta = DeltaTable(str(workspace.lake / name), version=version)
        there = [field.name for field in delta.schema().fields]
        found = delta.to_pyarrow_table(columns=[name for name in columns if name in there])
    for field in schema:
        if field.name not in there:
            found = found.append_column(field, pa.nulls(found.num_rows, field.type))
    return found.select(columns).cast(schema)


def _differ(workspace: Workspace, span: Span, one: int | None, other: int | None) -> bool:
    """Return whether two versions hold other rows; what was taken back lies in new files."""
    if one == other:
        return False
    with _compared(workspace, span, one, other) as (connection, parts):
        if not parts:
            return False
        inside = _inside(all_tables()[span.table], parts)
        columns = ", ".join((*all_tables()[span.table].lake_key, "local_date", "row_hash"))
        first, second = (f"SELECT {columns} FROM {side} WHERE {inside}" for side in SIDES)
        both = f"({first} EXCEPT ALL {second}) UNION ALL ({second} EXCEPT ALL {first})"
        return _count(connection, f"SELECT count(*) FROM ({both})") != (0,)


def _files(workspace: Workspace, span: Span, version: int | None) -> frozenset[str]:
    if version is None:
        return frozenset()
    with _kept():
        delta = DeltaTable(str(workspace.lake / span.table), version=version)
        return frozenset(
            delta.file_uris(file_pruning_predicate=[("shop_id", "in", sorted(span.shops))])
        )


@contextmanager
def _difference(workspace: Workspace, span: Span) -> Iterator[Comparison]:
    """Compare the rows before the span with those published now; makes `altered` as well."""
    now = read_manifest(workspace.lake).versions.get(span.table)
    with _compared(workspace, span, span.edits[0].before, now) as (connection, parts):
        if parts:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE altered AS {_altered(span, parts)}")
        yield connection, parts


@contextmanager
def _compared(
    workspace: Workspace, span: Span, one: int | None, other: int | None
) -> Iterator[Comparison]:
    """Yield a connection with the shops' rows of two versions, and the partitions that differ."""
    table = all_tables()[span.table]
    old, new = _files(workspace, span, one), _files(workspace, span, other)
    _check_kept(old | new)
    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2}) as connection:
        configure(connection, workspace.lake / "spill")
        parts = []
        if old != new:
            columns = ", ".join(table.partition)
            differing = _scan(table, old ^ new)
            found = f"SELECT DISTINCT {columns} FROM ({differing}) ORDER BY {columns}"
            parts = connection.execute(found).fetchall()
        for name, files in zip(SIDES, (old, new), strict=True):
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS {_scan(table, files)}")
        yield connection, parts


def _altered(span: Span, parts: Sequence[tuple[str, ...]]) -> str:
    """Return the rows that go or turn back, by key: `row_id` and whether they go."""
    table = all_tables()[span.table]
    inside = _inside(table, parts)
    row_id = f'n."{span.row_id}"' if span.row_id else "NULL::VARCHAR"
    match = " AND ".join(f"n.{name} = b.{name}" for name in table.lake_key)
    return (
        f"SELECT n.shop_id, {row_id} AS row_id, b.shop_id IS NULL AS gone "
        f"FROM (FROM now WHERE {inside}) n LEFT JOIN (FROM before WHERE {inside}) b ON {match} "
        f"WHERE b.shop_id IS NULL OR n.row_hash IS DISTINCT FROM b.row_hash"
    )


def _with_labels(workspace: Workspace, span: Span, connection: duckdb.DuckDBPyConnection) -> bool:
    """Make the views `every_label` and `doomed`; return whether there are labels to look at.

    A row that goes takes every label along. A row that turns back keeps what people said of it;
    the model reads it again.
    """
    version = read_manifest(workspace.lake).versions.get(LABELS)
    if not span.row_id or version is None:
        return False
    files = _files(workspace, Span(LABELS, span.shops, ()), version)
    if not files:
        return False
    every = _scan(all_tables()[LABELS], files)
    connection.execute(f"CREATE OR REPLACE VIEW every_label AS {every}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE doomed AS SELECT l.* FROM every_label l "
        "SEMI JOIN altered a ON l.shop_id = a.shop_id AND l.row_id = a.row_id "
        "AND (a.gone OR l.source IS DISTINCT FROM 'human') "
        f"WHERE l.table_name = '{span.table}'"
    )
    return True


def _drop_labels(write: Write, workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> None:
    table = all_tables()[LABELS]
    days = ", ".join(table.partition)
    parts = connection.execute(f"SELECT DISTINCT {days} FROM doomed ORDER BY {days}").fetchall()
    same = " AND ".join(f"l.{name} IS NOT DISTINCT FROM d.{name}" for name in table.lake_key)
    for some in _slices(parts):
        inside = _inside(table, some)
        kept = f"SELECT l.* FROM every_label l ANTI JOIN doomed d ON {same} WHERE {inside}"
        with _staged(workspace, connection, kept) as rest:
            write.delete(LABELS, inside)
            if rest is not None:
                write.upsert(LABELS, [rest])


@contextmanager
def _staged(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, select: str
) -> Iterator[Path | None]:
    """Yield a file with the selected rows, None where there are none; it goes with the block."""
    path = workspace.lake / "staging" / f"undo-{uuid.uuid4().hex}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        (count,) = _count(connection, f"COPY ({select}) TO '{_quoted(str(path))}' (FORMAT PARQUET)")
        yield path if count else None
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _kept() -> Iterator[None]:
    try:
        yield
    except (DeltaError, FileNotFoundError) as exc:
        raise _too_old() from exc


def _check_kept(files: Iterable[str]) -> None:
    if not all(Path(file.removeprefix("file://")).exists() for file in files):
        raise _too_old()


def _too_old() -> NotAllowedError:
    days = KEPT_HOURS // 24
    return NotAllowedError(
        f"导入之前的数据版本已经清理（保留 {days} 天），不能再撤销。请把文件改正后重新导入。"
    )


def _scan(table: Table, files: Iterable[str]) -> str:
    listed = sorted(files)
    if listed:
        return scan_sql(table, listed)
    kinds: Mapping[pa.DataType, str] = {
        pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN",
    }  # fmt: skip
    nothing = ", ".join(f'NULL::{kinds[field.type]} AS "{field.name}"' for field in table.schema)
    return f"SELECT {nothing} WHERE false"


def _inside(table: Table, parts: Iterable[tuple[str, ...]]) -> str:
    """Return the predicate of exactly these partitions."""
    shops: dict[str, list[str]] = {}
    for shop, *days in parts:
        shops.setdefault(shop, []).extend(days)
    if len(table.partition) == 1:
        return f"shop_id IN ({_literals(shops)})"
    return " OR ".join(
        f"(shop_id = '{_quoted(shop)}' AND local_date IN ({_literals(days)}))"
        for shop, days in shops.items()
    )


def _slices(parts: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    for start in range(0, len(parts), PARTS_AT_ONCE):
        yield parts[start : start + PARTS_AT_ONCE]


def _literals(values: Iterable[str]) -> str:
    return ", ".join(f"'{_quoted(value)}'" for value in sorted(set(values)))


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return tuple(int(number) for number in connection.execute(query).fetchall()[0])
