"""The nouns: every canonical table, and what analyses conclude. No I/O."""

from collections.abc import Mapping
from functools import cache

from huisheng.catalog import load_python
from huisheng.records.finding import Evidence, Finding, Impact, Problem, Rate
from huisheng.records.quote import stands_verbatim
from huisheng.records.rows import Row, table_from_rows
from huisheng.records.table import BOOKKEEPING, Column, Kind, Privacy, Table


@cache
def all_tables() -> Mapping[str, Table]:
    """Return every canonical table, by name."""
    return load_python("huisheng.records.tables", "TABLE", Table)


__all__ = [
    "BOOKKEEPING",
    "Column",
    "Evidence",
    "Finding",
    "Impact",
    "Kind",
    "Privacy",
    "Problem",
    "Rate",
    "Row",
    "Table",
    "all_tables",
    "stands_verbatim",
    "table_from_rows",
]
