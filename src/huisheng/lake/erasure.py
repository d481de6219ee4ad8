"""Forget: rewrite the days that hold certain rows without them, and leave no older file behind."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable

from huisheng.catalog import pick
from huisheng.lake.computed import forget_computed
from huisheng.lake.duckdb_engine import configure, scan_sql
from huisheng.lake.manifest import read_manifest
from huisheng.lake.store import ROWS_AT_ONCE, Write, writing
from huisheng.lake.workspace import Workspace
from huisheng.records import Table, all_tables

MEMORY = "400MB"
Part = tuple[str, ...]


def forget(
    write: Write,
    workspace: Workspace,
    name: str,
    met: str,
    *,
    blank: Sequence[str] = (),
    listed: pa.Table | None = None,
) -> int:
    """Let rows of a table vanish, or lose the columns `blank`; return how many there were.

    `met` is a condition over the table's columns in SQL, in which `listed` may be read as a
    relation of that name. `write` must hold the table and must not have written to it yet. Only
    partitions with such rows are rewritten. The log of the table says which days were rewritten
    and nothing of what was forgotten. Readers of older versions still see it: see `purge`.
    """
    table = pick(all_tables(), name)
    with _stored(workspace, name, listed) as connection:
        parts = _parts(connection, table, met) if connection else {}
        if connection is None or not parts:
            return 0
        for some in _groups(connection, table, set(parts)):
            _rewrite(write, workspace, connection, name, met, blank, _inside(table, some))
    return sum(parts.values())


def count(workspace: Workspace, name: str, met: str, *, listed: pa.Table | None = None) -> int:
    """Return how many rows `forget` would touch."""
    with _stored(workspace, name, listed) as connection:
        if connection is None:
            return 0
        return sum(_parts(connection, pick(all_tables(), name), met).values())


def keys_listed(name: str) -> str:
    """Return the condition that a row's key is one of `listed`, which has the key's columns."""
    same = " AND ".join(f"l.{key} = stored.{key}" for key in pick(all_tables(), name).lake_key)
    return f"EXISTS (SELECT 1 FROM listed l WHERE {same})"


def purge(workspace: Workspace, names: Iterable[str]) -> None:
    """Delete every data file of some tables that the published versions do not use, at once.

    Tables computed from any facts go with them. Whoever reads an older version at this moment
    fails; no import before it can be undone. Writers are kept out meanwhile: what they have not yet
    published looks like a file that nobody uses.
    """
    versions = read_manifest(workspace.lake).versions
    published = [name for name in names if name in versions]
    with writing(workspace, published):
        for name in published:
            delta = DeltaTable(str(workspace.lake / name))
            delta.vacuum(0, dry_run=False, enforce_retention_duration=False, full=True)
    forget_computed(workspace)


def _rewrite(
    write: Write,
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    name: str,
    met: str,
    blank: Sequence[str],
    inside: str,
) -> None:
    rows = f"SELECT * FROM stored WHERE ({inside}) AND ({met}) IS NOT TRUE"
    if blank:
        nulls = ", ".join(f'CASE WHEN {met} THEN NULL ELSE "{c}" END AS "{c}"' for c in blank)
        rows = f"SELECT * REPLACE ({nulls}) FROM stored WHERE ({inside})"
    with _staged(workspace, name, connection, rows) as rest:
        write.delete(name, inside)
        if rest is not None:
            write.upsert(name, [rest])


def _parts(connection: duckdb.DuckDBPyConnection, table: Table, met: str) -> dict[Part, int]:
    """Return the partitions with rows to forget, and how many each holds."""
    columns = ", ".join(table.partition)
    query = f"SELECT {columns}, count(*) FROM stored WHERE {met} GROUP BY ALL ORDER BY ALL"
    return {row[:-1]: int(row[-1]) for row in connection.execute(query).fetchall()}


def _groups(
    connection: duckdb.DuckDBPyConnection, table: Table, wanted: set[Part]
) -> Iterator[list[Part]]:
    """Yield runs of partitions of one shop that together hold a bounded number of rows."""
    run: list[Part] = []
    size = 0
    columns = ", ".join(table.partition)
    query = f"SELECT {columns}, count(*) FROM stored GROUP BY ALL ORDER BY ALL"
    for *part, count in connection.execute(query).fetchall():
        if tuple(part) not in wanted:
            continue
        if run and (size + count > ROWS_AT_ONCE or part[0] != run[0][0]):
            yield run
            run, size = [], 0
        run.append(tuple(part))
        size += int(count)
    if run:
        yield run


def _inside(table: Table, parts: Sequence[Part]) -> str:
    """Return the predicate of partitions of one shop."""
    return " AND ".join(
        f"{name} IN ({_literals(part[index] for part in parts)})"
        for index, name in enumerate(table.partition)
    )


def _literals(values: Iterable[str]) -> str:
    quoted = sorted({value.replace("'", "''") for value in values})
    return ", ".join(f"'{value}'" for value in quoted)


@contextmanager
def _stored(
    workspace: Workspace, name: str, listed: pa.Table | None
) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """Yield a connection that has `stored` and `listed`, None where the table has no rows."""
    version = read_manifest(workspace.lake).versions.get(name)
    files: list[str] = []
    if version is not None:
        files = sorted(DeltaTable(str(workspace.lake / name), version=version).file_uris())
    if not files:
        yield None
        return
    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2}) as connection:
        configure(connection, workspace.lake / "spill")
        scan = scan_sql(pick(all_tables(), name), files)
        connection.execute(f"CREATE VIEW stored AS {scan}")
        if listed is not None:
            connection.register("listed", listed)
        yield connection


@contextmanager
def _staged(
    workspace: Workspace, name: str, connection: duckdb.DuckDBPyConnection, select: str
) -> Iterator[Path | None]:
    """Yield a file with the selected rows, None where there are none; it goes with the block.

    One writer has the table, so the file has one name: what a killed process left goes as well.
    """
    path = workspace.lake / "staging" / f"forget-{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        target = str(path).replace("'", "''")
        copied = connection.execute(f"COPY ({select}) TO '{target}' (FORMAT PARQUET)").fetchall()
        yield path if int(copied[0][0]) else None
    finally:
        path.unlink(missing_ok=True)
