"""Delta tables under the workspace: all-or-nothing writes, readers that open only manifests."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from huisheng.catalog import pick
from huisheng.errors import UnavailableError
from huisheng.lake.duckdb_engine import NOTHING, DuckDBEngine, Stored, configure, scan_sql
from huisheng.lake.lock import held
from huisheng.lake.manifest import publish, read_manifest
from huisheng.lake.merge import MergeSql
from huisheng.lake.workspace import Workspace
from huisheng.records import Table, all_tables

# Small row groups keep the memory of a write that fills many partitions at once bounded.
WRITER = WriterProperties(max_row_group_size=16_384, compression="ZSTD")
# Opening a table replays its log since the last checkpoint; imports make many small commits.
# DuckDB reads the files' own statistics; a second copy in the log would only slow it down.
CONFIGURATION: dict[str, str | None] = {
    "delta.checkpointInterval": "10",
    "delta.dataSkippingNumIndexedCols": "0",
}
ROWS_AT_ONCE = 400_000
"""A write is cut along partitions into commits of about this many rows, which bounds its memory;
readers see all of them together, when the manifest is published."""
KEPT_HOURS = 7 * 24
WRITE_MEMORY = "400MB"


@dataclass(frozen=True, slots=True)
class Change:
    """What an upsert did to one table, in rows."""

    inserted: int
    updated: int
    unchanged: int


class Write:
    """An open write: upserts become visible to readers only when it ends without an error."""

    def __init__(
        self,
        workspace: Workspace,
        connection: duckdb.DuckDBPyConnection,
        tables: dict[str, DeltaTable | None],
    ) -> None:
        self._workspace = workspace
        self._connection = connection
        self._tables = tables
        self._changed: dict[str, int] = {}

    @property
    def changed(self) -> Mapping[str, int]:
        """Return the new versions of the tables written so far."""
        return self._changed

    def upsert(self, name: str, staged: list[Path]) -> Change:
        """Insert or update the rows of staged Parquet files, which have the table's schema.

        A table whose content does not change is not written.
        """
        table = pick(all_tables(), name)
        connection, sql = self._connection, MergeSql(table)
        _view(connection, "raw", scan_sql(table, [str(file) for file in staged]))
        repeats = _scalar(connection, sql.repeats_keys("raw"))
        _view(connection, "staged", sql.deduplicated("raw") if repeats else "FROM raw")
        delta = self._tables[name]
        if delta is None or not delta.file_uris():
            return self._insert_all(connection, name, table)
        if {field.name for field in delta.schema().fields} < set(table.schema.names):
            self._widen(connection, name, table, delta)
        return self._merge(connection, name, table, self._tables[name] or delta)

    def delete(self, name: str, predicate: str) -> int:
        """Delete rows and return how many there were."""
        delta = self._tables[name]
        if delta is None:
            return 0
        deleted = int(delta.delete(predicate)["num_deleted_rows"])
        self._changed[name] = delta.version()
        return deleted

    def _insert_all(self, connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> Change:
        rows = MergeSql(table).fresh("staged")
        count = 0
        for inside, size in _groups(table, connection, "staged"):
            self._write(connection, name, table, f"SELECT * FROM ({rows}) WHERE {inside}", None)
            count += size
        return Change(count, 0, 0)

    def _widen(
        self, connection: duckdb.DuckDBPyConnection, name: str, table: Table, delta: DeltaTable
    ) -> None:
        """Rewrite a table of an older release with the columns added since.

        All files of a table have the same columns, so that readers need not open each to know.
        """
        _view(connection, "narrow", scan_sql(table, sorted(delta.file_uris())))
        rows = MergeSql(table).fresh("narrow")
        for inside, _ in list(_groups(table, connection, "narrow")):
            self._write(connection, name, table, f"SELECT * FROM ({rows}) WHERE {inside}", inside)

    def _merge(
        self, connection: duckdb.DuckDBPyConnection, name: str, table: Table, delta: DeltaTable
    ) -> Change:
        sql = MergeSql(table)
        files = sorted(delta.file_uris())
        shops = connection.execute("SELECT DISTINCT shop_id FROM staged").fetchall()
        _view(
            connection,
            "everything",
            f"{scan_sql(table, files)} WHERE shop_id IN ({_literals({row[0] for row in shops})})",
        )
        inside = _inside(table, connection.execute(sql.touched("staged", "everything")).fetchall())
        stored = f"(SELECT * FROM everything WHERE {inside})"
        # Kept as a table (spilled to disk when large): it is read several times from here on.
        merged = sql.merged("staged", stored)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE merged AS {merged}")
        counts = dict(
            connection.execute("SELECT _state, count(*) FROM merged GROUP BY _state").fetchall()
        )
        change = Change(counts.get("new", 0), counts.get("changed", 0), counts.get("same", 0))
        if change.inserted or change.updated:
            self._rewrite(connection, name, table)
        return change

    def _rewrite(self, connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
        found = connection.execute(MergeSql(table).rewritten("merged")).fetchall()
        parts = [part for part in found if None not in part]
        _view(connection, "rewritten", f"FROM merged WHERE {_inside(table, parts)}")
        for inside, _ in _groups(table, connection, "rewritten"):
            rows = f"SELECT * EXCLUDE (_state, _old_date) FROM rewritten WHERE {inside}"
            self._write(connection, name, table, rows, inside)
        self._empty(name, table, set(parts) - set(_parts(table, connection, "rewritten")))

    def _empty(self, name: str, table: Table, left: set[tuple[str, ...]]) -> None:
        """Delete partitions that every row has moved out of."""
        delta = self._tables[name]
        if left and delta is not None:
            delta.delete(_inside(table, sorted(left)))
            self._changed[name] = delta.version()

    def _write(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        table: Table,
        rows: str,
        replacing: str | None,
    ) -> None:
        names = ", ".join(f'"{column}"' for column in table.schema.names)
        reader = connection.sql(f"SELECT {names} FROM ({rows})").to_arrow_reader(16_384)
        path = str(self._workspace.lake / name)
        partitions = list(table.partition)
        with _plain_errors():
            if replacing is None:
                write_deltalake(
                    self._tables[name] or path, reader, partition_by=partitions, mode="append",
                    configuration=CONFIGURATION, writer_properties=WRITER,
                )  # fmt: skip
            else:
                write_deltalake(
                    self._tables[name] or path, reader, partition_by=partitions,
                    mode="overwrite", schema_mode="merge", predicate=replacing,
                    writer_properties=WRITER,
                )  # fmt: skip
        self._tables[name] = delta = DeltaTable(path)
        self._changed[name] = delta.version()


@contextmanager
def writing(
    workspace: Workspace, tables: Iterable[str], on_wait: Callable[[str], None] | None = None
) -> Iterator[Write]:
    """Open a write to `tables`; leaving the block without an error publishes it, at once.

    What a killed writer left unpublished is discarded before the first upsert.

    Raises:
        UnavailableError: the disk is full or cannot be written.
    """
    names = sorted(set(tables))
    with _plain_errors(), held(workspace.lake / "locks", names, on_wait):
        published = read_manifest(workspace.lake).versions
        tables = {name: _published(workspace.lake / name, published.get(name)) for name in names}
        with _connection(workspace) as connection:
            write = Write(workspace, connection, tables)
            yield write
        if write.changed:
            publish(workspace.lake, write.changed)


def open_engine(
    workspace: Workspace, *, resident_bytes: int = 0, after: DuckDBEngine | None = None
) -> DuckDBEngine:
    """Return an engine over the tables as last published; later writes do not disturb it.

    Tables of at most `resident_bytes` on disk are read into memory on first use. The open tables
    of the engine `after`, which nobody may ask any more, are taken over where they are current.
    """
    versions = read_manifest(workspace.lake).versions

    def stored(name: str) -> Stored:
        if name not in versions:
            return NOTHING
        delta = DeltaTable(str(workspace.lake / name), version=versions[name])
        shops = {part["shop_id"] for part in delta.partitions()}
        return Stored(sorted(delta.file_uris()), frozenset(shops))

    if after is not None:
        return after.succeeded(stored, versions)
    return DuckDBEngine(
        stored,
        versions,
        workspace.offset_us,
        resident_bytes=resident_bytes,
        spill=workspace.lake / "spill",
    )


def read_columns(workspace: Workspace, name: str, columns: list[str]) -> pa.Table:
    """Return columns of a small table as last published, without starting an engine for it."""
    version = read_manifest(workspace.lake).versions.get(name)
    schema = pa.schema([pick(all_tables(), name).schema.field(column) for column in columns])
    if version is None:
        return schema.empty_table()
    delta = DeltaTable(str(workspace.lake / name), version=version)
    return delta.to_pyarrow_table(columns=columns).cast(schema)


def vacuum(workspace: Workspace) -> None:
    """Delete data files that no version of the last seven days uses."""
    for name in read_manifest(workspace.lake).versions:
        DeltaTable(str(workspace.lake / name)).vacuum(KEPT_HOURS, dry_run=False)


def _published(path: Path, version: int | None) -> DeltaTable | None:
    """Open a table as published, undoing what a killed writer left; None where there is none."""
    if version is None:
        shutil.rmtree(path, ignore_errors=True)
        return None
    delta = DeltaTable(str(path))
    if delta.version() != version:
        delta.restore(version)
    return delta


@contextmanager
def _connection(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"memory_limit": WRITE_MEMORY, "threads": 2}) as connection:
        configure(connection, workspace.lake / "spill")
        yield connection


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, DeltaError, duckdb.IOException) as exc:
        full = "No space left" in str(exc) or getattr(exc, "errno", None) == 28
        problem = "磁盘已满" if full else f"工作区无法读写（{exc}）"
        raise UnavailableError(
            f"{problem}：本次写入已全部撤销，数据没有变化。请腾出空间或检查权限后重试。"
        ) from exc


def _view(connection: duckdb.DuckDBPyConnection, view: str, select: str) -> None:
    connection.execute(f"CREATE OR REPLACE VIEW {view} AS {select}")


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    # fetchall: DuckDB 2 counts a result that is not read to its end as still in use.
    return int(connection.execute(query).fetchall()[0][0])


def _parts(
    table: Table, connection: duckdb.DuckDBPyConnection, relation: str
) -> dict[tuple[str, ...], int]:
    """Return the number of rows of each partition."""
    columns = ", ".join(table.partition)
    query = f"SELECT {columns}, count(*) FROM {relation} GROUP BY {columns} ORDER BY {columns}"
    return {row[:-1]: row[-1] for row in connection.execute(query).fetchall()}


def _groups(
    table: Table, connection: duckdb.DuckDBPyConnection, relation: str
) -> Iterator[tuple[str, int]]:
    """Yield predicates of runs of partitions, each with the number of rows it holds.

    A run stays within one shop, so that its predicate names just its own partitions.
    """
    run: list[tuple[str, ...]] = []
    size = 0
    for part, count in _parts(table, connection, relation).items():
        if run and (size + count > ROWS_AT_ONCE or part[0] != run[0][0]):
            yield _inside(table, run), size
            run, size = [], 0
        run.append(part)
        size += count
    if run:
        yield _inside(table, run), size


def _inside(table: Table, parts: Iterable[tuple[str, ...]]) -> str:
    """Return the predicate of all partitions with one of the shops and one of the dates."""
    listed = list(parts)
    return " AND ".join(
        f"{name} IN ({_literals({part[index] for part in listed})})"
        for index, name in enumerate(table.partition)
    )


def _literals(values: set[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))
