"""Delta tables under the workspace: all-or-nothing writes, readers that open only manifests."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from huisheng.catalog import pick
from huisheng.errors import UnavailableError
from huisheng.lake.duckdb_engine import DuckDBEngine, configure, scan_sql
from huisheng.lake.lock import held
from huisheng.lake.manifest import publish, read_manifest
from huisheng.lake.merge import MergeSql
from huisheng.lake.workspace import Workspace
from huisheng.records import Table, all_tables

# Small row groups keep the memory of a write that fills many partitions at once bounded.
WRITER = WriterProperties(max_row_group_size=16_384, compression="ZSTD")
NO_ROWS_YET = -1
KEPT_HOURS = 7 * 24
EVERYTHING = "true"
"""The predicate of a write that replaces a whole table."""

WRITE_MEMORY = "400MB"


@dataclass(frozen=True, slots=True)
class Change:
    """What an upsert did to one table, in rows."""

    inserted: int
    updated: int
    unchanged: int


class Write:
    """An open write: upserts become visible to readers only when it ends without an error."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
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
        path = self._workspace.lake / name
        with _connection(self._workspace) as connection:
            _view(connection, "raw", table, [str(file) for file in staged])
            sql = MergeSql(table)
            repeats = _scalar(connection, sql.repeats_keys("raw"))
            connection.execute(
                f"CREATE VIEW staged AS {sql.deduplicated('raw') if repeats else 'FROM raw'}"
            )
            if _version(path) == NO_ROWS_YET:
                return self._insert_all(connection, name, table)
            return self._merge(connection, name, table)

    def delete(self, name: str, predicate: str) -> int:
        """Delete rows and return how many there were."""
        path = self._workspace.lake / name
        if _version(path) == NO_ROWS_YET:
            return 0
        delta = DeltaTable(path)
        deleted = int(delta.delete(predicate)["num_deleted_rows"])
        self._changed[name] = delta.version()
        return deleted

    def _insert_all(self, connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> Change:
        count = int(_scalar(connection, "SELECT count(*) FROM staged"))
        if count:
            self._write(connection, name, table, MergeSql(table).fresh("staged"), None)
        return Change(count, 0, 0)

    def _merge(self, connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> Change:
        sql = MergeSql(table)
        files = _files(self._workspace.lake / name, None)
        _view(connection, "everything", table, files)
        stored = "everything"
        if table.partition:
            dates = _column(connection, sql.touched_dates("staged", "everything"))
            stored = f"(SELECT * FROM everything WHERE local_date IN ({_literals(dates)}))"
        connection.execute(f"CREATE VIEW merged AS {sql.merged('staged', stored)}")
        counts = dict(
            connection.execute("SELECT _state, count(*) FROM merged GROUP BY _state").fetchall()
        )
        change = Change(counts.get("new", 0), counts.get("changed", 0), counts.get("same", 0))
        if change.inserted or change.updated:
            self._rewrite(connection, name, table)
        return change

    def _rewrite(self, connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
        rows = "SELECT * EXCLUDE (_state, _old_date) FROM merged"
        if not table.partition:
            self._write(connection, name, table, rows, EVERYTHING)
            return
        dates = _column(
            connection,
            "SELECT DISTINCT unnest([local_date, _old_date]) AS d FROM merged "
            "WHERE _state IN ('new', 'changed')",
        )
        inside = f"local_date IN ({_literals(dates)})"
        self._write(connection, name, table, f"{rows} WHERE {inside}", inside)

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
        path = self._workspace.lake / name
        partitions = list(table.partition) or None
        with _plain_errors():
            if replacing is None:
                write_deltalake(
                    str(path), reader, partition_by=partitions, writer_properties=WRITER,
                    mode="append", schema_mode="merge",
                )  # fmt: skip
            else:
                write_deltalake(
                    str(path), reader, partition_by=partitions, writer_properties=WRITER,
                    mode="overwrite", predicate=None if replacing == EVERYTHING else replacing,
                )  # fmt: skip
        self._changed[name] = DeltaTable(str(path)).version()


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
        for name in names:
            _discard_unpublished(workspace.lake / name, published.get(name, NO_ROWS_YET))
        write = Write(workspace)
        yield write
        if write.changed:
            publish(workspace.lake, write.changed)


def open_engine(workspace: Workspace, *, resident_bytes: int = 0) -> DuckDBEngine:
    """Return an engine over the tables as last published; later writes do not disturb it.

    Tables of at most `resident_bytes` on disk are read into memory on first use.
    """
    versions = read_manifest(workspace.lake).versions
    files = {name: _files(workspace.lake / name, version) for name, version in versions.items()}
    return DuckDBEngine(files, versions, workspace.offset_us, resident_bytes=resident_bytes)


def vacuum(workspace: Workspace) -> None:
    """Delete data files that no version of the last seven days uses."""
    for name in read_manifest(workspace.lake).versions:
        DeltaTable(str(workspace.lake / name)).vacuum(KEPT_HOURS, dry_run=False)


def _version(path: Path) -> int:
    return DeltaTable(str(path)).version() if DeltaTable.is_deltatable(str(path)) else NO_ROWS_YET


def _files(path: Path, version: int | None) -> list[str]:
    return sorted(DeltaTable(str(path), version=version).file_uris())


def _discard_unpublished(path: Path, published: int) -> None:
    if published == NO_ROWS_YET:
        shutil.rmtree(path, ignore_errors=True)
    elif _version(path) != published:
        DeltaTable(str(path)).restore(published)


@contextmanager
def _connection(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"memory_limit": WRITE_MEMORY, "threads": 2}) as connection:
        configure(connection)
        spill = str(workspace.lake / "spill").replace("'", "''")
        connection.execute(f"SET temp_directory = '{spill}'")
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


def _view(connection: duckdb.DuckDBPyConnection, view: str, table: Table, files: list[str]) -> None:
    connection.execute(f"CREATE VIEW {view} AS {scan_sql(table, files)}")


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    # fetchall: DuckDB 2 counts a result that is not read to its end as still in use.
    return int(connection.execute(query).fetchall()[0][0])


def _column(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return sorted(row[0] for row in connection.execute(query).fetchall() if row[0] is not None)


def _literals(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
