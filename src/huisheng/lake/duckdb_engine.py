"""The embedded engine: DuckDB reading the Parquet files that the manifest names."""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb
import ibis
import pyarrow as pa

from huisheng.catalog import pick
from huisheng.records import Table, all_tables

MEMORY_LIMIT = "2GB"
THREADS = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """A table's Parquet files, which all have the same columns, and the shops that have rows."""

    files: list[str]
    shops: frozenset[str]


NOTHING = Stored([], frozenset())


class DuckDBEngine:
    """One in-memory DuckDB connection with a view per canonical table.

    Args:
        stored: gives what is stored of a table; a table without files reads as empty.
        versions: the manifest's table versions.
        offset_us: the shops' offset from UTC in microseconds.
        rows: Arrow tables served as they are, for proofs and tests.
        resident_bytes: a table whose files are together no larger is read into memory on first
            use; opening dozens of files for each of hundreds of queries costs more.
        spill: folder for what does not fit into memory; None forbids it.
    """

    def __init__(
        self,
        stored: Callable[[str], Stored],
        versions: Mapping[str, int],
        offset_us: int,
        rows: Mapping[str, pa.Table] = MappingProxyType({}),
        resident_bytes: int = 0,
        spill: Path | None = None,
    ) -> None:
        self._resident_bytes = resident_bytes
        self._read_stored = stored
        self._stored: dict[str, Stored] = {}
        self._rows = rows
        self._versions = versions
        self._offset_us = offset_us
        self._tables: dict[str, ibis.Table] = {}
        self._resident: set[str] = set()
        self._kept = 0
        self._connection = ibis.duckdb.connect(threads=THREADS, memory_limit=MEMORY_LIMIT)
        configure(self._connection.con, spill)

    def succeeded(
        self, stored: Callable[[str], Stored], versions: Mapping[str, int]
    ) -> "DuckDBEngine":
        """Return an engine over newer versions that takes over every open table still current.

        It takes the connection too: this engine must not be asked any more.
        """
        heir = copy(self)
        heir._read_stored, heir._versions, heir._kept = stored, versions, 0
        current = {name for name in versions if versions[name] == self._versions.get(name)}
        heir._stored = {name: self._stored[name] for name in current & set(self._stored)}
        heir._tables = {name: self._tables[name] for name in current & set(self._tables)}
        heir._resident = self._resident & current
        for name in set(self._tables) - current:
            kind = "TABLE" if name in self._resident else "VIEW"
            self._connection.con.execute(f"DROP {kind} {name}")
        for number in range(1, self._kept + 1):
            self._connection.con.execute(f"DROP TABLE IF EXISTS kept_{number}")
        return heir

    @property
    def versions(self) -> Mapping[str, int]:
        """Return the table versions this engine reads."""
        return self._versions

    @property
    def offset_us(self) -> int:
        """Return the shops' offset from UTC in microseconds."""
        return self._offset_us

    def table(self, name: str) -> ibis.Table:
        """Return a canonical table with exactly the columns and types of its schema."""
        if name not in self._tables:
            self._tables[name] = self._open(name, pick(all_tables(), name))
        return self._tables[name]

    def shops(self, name: str) -> frozenset[str]:
        """Return the shops that have rows in a canonical table, without reading the rows."""
        if name in self._rows:
            return frozenset(self._rows[name]["shop_id"].unique().to_pylist())
        return self._of(name).shops

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """Compute an expression."""
        return expression.to_pyarrow()

    def batches(self, expression: ibis.Table, rows: int) -> Iterator[pa.RecordBatch]:
        """Compute an expression and yield it in batches of at most about `rows` rows.

        Nothing else may be asked of the engine before the last batch is taken.
        """
        # Ibis asks for batches by a name that DuckDB 2 no longer knows.
        query = self._connection.compile(expression)
        yield from self._connection.con.sql(query).to_arrow_reader(rows)

    def kept(self, expression: ibis.Table) -> ibis.Table:
        """Compute an expression once into a temporary table."""
        self._kept += 1
        return self._connection.create_table(f"kept_{self._kept}", expression, temp=True)

    def write(self, expression: ibis.Table, path: Path) -> None:
        """Compute an expression into a Parquet file."""
        query = self._connection.compile(expression)
        target = str(path).replace("'", "''")
        form = "FORMAT parquet, COMPRESSION zstd"
        self._connection.con.execute(f"COPY ({query}) TO '{target}' ({form})")

    def read(self, path: Path) -> ibis.Table:
        """Return what `write` wrote, in place of a file of the same name read before."""
        return self._connection.read_parquet(path, table_name=f"computed_{path.stem}")

    def _of(self, name: str) -> Stored:
        if name not in self._stored:
            self._stored[name] = self._read_stored(name)
        return self._stored[name]

    def _open(self, name: str, table: Table) -> ibis.Table:
        files = self._of(name).files
        if files:
            select = scan_sql(table, files)
            if self._is_small(files):
                self._resident.add(name)
            kind = "TEMP TABLE" if name in self._resident else "VIEW"
            self._connection.con.execute(f"CREATE {kind} {name} AS {select}")
        else:
            rows = self._rows.get(name, table.schema.empty_table())
            self._connection.con.register(name, rows)
        return self._connection.table(name)

    def _is_small(self, files: list[str]) -> bool:
        if not self._resident_bytes:
            return False
        paths = [Path(file.removeprefix("file://")) for file in files]
        return sum(path.stat().st_size for path in paths) <= self._resident_bytes


def configure(connection: duckdb.DuckDBPyConnection, spill: Path | None) -> None:
    """Keep a connection to itself: no downloads, no progress output, no files elsewhere."""
    folder = "" if spill is None else str(spill).replace("'", "''")
    for setting in (
        f"temp_directory = '{folder}'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_progress_bar = false",
        "preserve_insertion_order = false",
    ):
        connection.execute(f"SET {setting}")


def scan_sql(table: Table, files: list[str]) -> str:
    """Return a SELECT over Delta data files with the table's columns and types.

    A column that did not exist yet when the files were written reads as null (they all have the
    same columns); partition values are text, never guessed.
    """
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    hive = "true" if table.partition else "false"
    source = (
        f"read_parquet([{names}], hive_partitioning = {hive}"
        f"{', hive_types_autocast = false' if table.partition else ''})"
    )
    typed = ", ".join(
        f'"{field.name}"::{_SQL_TYPES[field.type]} AS "{field.name}"' for field in table.schema
    )
    # UNION ALL BY NAME with an empty typed row set supplies columns that no file has.
    nothing = ", ".join(f'NULL::{_SQL_TYPES[f.type]} AS "{f.name}"' for f in table.schema)
    return (
        f"SELECT {typed} FROM (SELECT {nothing} WHERE false "
        f"UNION ALL BY NAME SELECT * FROM {source})"
    )


_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
}


def engine_over(rows: Mapping[str, pa.Table], offset_us: int) -> DuckDBEngine:
    """Return an engine over Arrow tables that have their schemas; the other tables are empty."""
    return DuckDBEngine(lambda name: NOTHING, {}, offset_us, rows)
