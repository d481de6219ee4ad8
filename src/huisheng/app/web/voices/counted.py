"""What the last analysis counted of buyers' words, and which part of it is asked about.

The tables are those of `app.analysis.spoken_terms`.
"""

from dataclasses import dataclass
from datetime import timedelta

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huisheng.metrics import Facts, Window
from huisheng.metrics.window import day_number

Floats = NDArray[np.float64]

WEEK_DAYS = 7
PHASES = {"pre": "售前", "mid": "售中", "post": "售后"}
SLICE = frozenset({"shop_id", "day", "product_id", "phase"})
COLUMNS = {
    "talk_days": SLICE | {"talks"},
    "term_days": SLICE | {"term", "talks", "unnamed", "negative", "msg_id"},
    "topic_talks": SLICE | {"head", "label", "customer", "negative"},
    "unnamed_talks": SLICE | {"phrase", "customer", "msg_id", "texts"},
}
"""What is read of each table; an earlier release may have counted otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Shops, days, products and phase asked about; no product and no phase mean all."""

    shops: tuple[str, ...]
    period: Window
    products: tuple[str, ...] = ()
    phase: str = ""

    @property
    def week(self) -> Window:
        """Return the last seven days of the period, whether it is as long or not."""
        first = self.period.end - timedelta(days=WEEK_DAYS - 1)
        return Window(first, self.period.end, self.period.offset_us)

    def rows(self, table: ibis.Table) -> ibis.Table:
        """Return the rows of a counted table about the shops, products and phase, of any day."""
        kept = table.filter(table.shop_id.isin(self.shops))
        if self.products:
            kept = kept.filter(kept.product_id.isin(self.products))
        return kept.filter(kept.phase == self.phase) if self.phase else kept


def is_counted(facts: Facts) -> bool:
    """Return whether the last analysis counted what is asked for here."""
    tables = {name: facts.ready(name) for name in COLUMNS}
    return all(
        table is not None and columns <= set(table.columns)
        for table, columns in zip(tables.values(), COLUMNS.values(), strict=True)
    )


def counted(facts: Facts, name: str) -> ibis.Table:
    """Return a counted table.

    Raises:
        LookupError: the last analysis has not counted it: ask `is_counted` first.
    """
    table = facts.ready(name)
    if table is None:
        raise LookupError(f"{name} has not been counted")
    return table


def held(table: ibis.Table, window: Window) -> ibis.Value:
    """Return which rows of a counted table lie on some days."""
    return table.day.between(day_number(window.start), day_number(window.end))


def sizes(facts: Facts, asked: Asked, *windows: Window) -> tuple[int, ...]:
    """Return the conversations of some windows, in the shops, products and phase asked about."""
    days = asked.rows(counted(facts, "talk_days"))
    sums = {
        f"window_{place}": days.talks.sum(where=held(days, window)).fill_null(0)
        for place, window in enumerate(windows)
    }
    found = facts.engine.arrow(days.aggregate(**sums)).to_pylist()[0]
    return tuple(int(count or 0) for count in found.values())


def floats(rows: pa.Table, name: str) -> Floats:
    """Return a column as numbers."""
    values: Floats = rows[name].to_numpy().astype(np.float64)
    return values
