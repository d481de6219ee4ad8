"""What every engine that reads the lake can do: DuckDB today, Spark through the same door."""

from collections.abc import Iterator, Mapping
from typing import Protocol

import ibis
import pyarrow as pa


class Engine(Protocol):
    """A set of canonical tables at one published version, readable through Ibis."""

    @property
    def versions(self) -> Mapping[str, int]:
        """Return the table versions this engine reads."""
        ...

    @property
    def offset_us(self) -> int:
        """Return the shops' offset from UTC in microseconds."""
        ...

    def table(self, name: str) -> ibis.Table:
        """Return a canonical table with exactly the columns and types of its schema."""
        ...

    def shops(self, name: str) -> frozenset[str]:
        """Return the shops that have rows in a canonical table, without reading the rows."""
        ...

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """Compute an expression."""
        ...

    def batches(self, expression: ibis.Table, rows: int) -> Iterator[pa.RecordBatch]:
        """Compute an expression and yield it in batches of at most about `rows` rows.

        Nothing else may be asked of the engine before the last batch is taken.
        """
        ...

    def kept(self, expression: ibis.Table) -> ibis.Table:
        """Compute an expression once and return it as a table that is cheap to read again."""
        ...
