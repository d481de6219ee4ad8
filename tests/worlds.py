"""Small shops written by hand, as an engine that metrics and analyses can read."""

from collections.abc import Mapping, Sequence
from datetime import date

from huisheng.lake import engine_over
from huisheng.metrics import Facts, Window
from huisheng.records import Row, all_tables, table_from_rows

OFFSET_US = 8 * 3_600_000_000


def facts_of(rows: Mapping[str, Sequence[Row]]) -> Facts:
    """Return the facts of a shop given as rows per table, in Shanghai time."""
    tables = {
        name: table_from_rows(name, given, all_tables(), OFFSET_US) for name, given in rows.items()
    }
    return Facts(engine_over(tables, OFFSET_US))


def window_of(start: str, end: str) -> Window:
    """Return the window of two ISO dates, both included."""
    return Window(date.fromisoformat(start), date.fromisoformat(end), OFFSET_US)
