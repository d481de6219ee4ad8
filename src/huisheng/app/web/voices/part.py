"""A part of the lake: the same tables with fewer rows, so that relations read no more than that."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import ibis
import pyarrow as pa

from huisheng.lake import Engine
from huisheng.metrics import Facts, Window

UNDATED = "none"
"""The partition of rows without an instant."""

NO_LABEL = ("", "NONE")
"""What is written to say that no label of a head holds."""

CONCERN = "concern"

Keep = Callable[[ibis.Table], ibis.Table]
Source = tuple[str, str, str]
"""Shop, table and row id."""


@dataclass(frozen=True, slots=True)
class Part:
    """An engine that shows, of the tables named in `keep`, the rows kept."""

    engine: Engine
    keep: Mapping[str, Keep]

    @property
    def versions(self) -> Mapping[str, int]:
        """Return the table versions read."""
        return self.engine.versions

    @property
    def offset_us(self) -> int:
        """Return the shops' offset from UTC in microseconds."""
        return self.engine.offset_us

    def table(self, name: str) -> ibis.Table:
        """Return a canonical table, its kept rows alone."""
        table = self.engine.table(name)
        return self.keep[name](table) if name in self.keep else table

    def shops(self, name: str) -> frozenset[str]:
        """Return the shops that have rows in the whole table."""
        return self.engine.shops(name)

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """Compute an expression."""
        return self.engine.arrow(expression)

    def batches(self, expression: ibis.Table, rows: int) -> Iterator[pa.RecordBatch]:
        """Compute an expression in batches."""
        return self.engine.batches(expression, rows)

    def kept(self, expression: ibis.Table) -> ibis.Table:
        """Compute an expression once."""
        return self.engine.kept(expression)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Shops and days that a question is about; both are partitions, so nothing else is read.

    Without `days` it is all of time; `undated` adds what has no instant.
    """

    shops: Sequence[str]
    days: Window | None
    undated: bool = False

    def rows(self, table: ibis.Table) -> ibis.Table:
        """Return the rows of a dated table inside."""
        of_shops = self.of_shops(table)
        if self.days is None:
            return of_shops
        start, end = self.days.start.isoformat(), self.days.end.isoformat()
        inside = of_shops.local_date.between(start, end)
        if self.undated:
            inside = inside | (of_shops.local_date == UNDATED)
        return of_shops.filter(inside)

    def holds(self, instant: ibis.Value) -> ibis.Value:
        """Return whether an instant lies inside."""
        if self.days is None:
            return ibis.literal(True)
        inside = self.days.holds(instant)
        return inside | instant.isnull() if self.undated else inside

    def of_shops(self, table: ibis.Table) -> ibis.Table:
        """Return the rows of any table in the shops."""
        return table.filter(table.shop_id.isin(self.shops))

    def widened(self, days: int) -> "Stretch":
        """Return a stretch some days longer at both ends, with what has no instant."""
        if self.days is None:
            return self
        step = timedelta(days=days)
        window = Window(self.days.start - step, self.days.end + step, self.days.offset_us)
        return Stretch(self.shops, window, undated=True)


def labels_in(facts: Facts, stretch: Stretch, heads: Sequence[str], label: str = "") -> ibis.Table:
    """Return the labels of some heads that hold in a stretch, or one label alone.

    They are read where an analysis has kept them, as long as nobody has judged since. Else: which
    label holds is decided within a row and head, and all judgements on a row share its day; so
    nothing but the rows of these heads, which anybody ever gave the label, need be compared.
    """
    kept = facts.ready("current_labels")
    if kept is not None:
        given = kept["head"].isin(list(heads)) & stretch.holds(kept["at"])
        return stretch.of_shops(kept.filter(given & (kept.label == label) if label else given))

    def keep(labels: ibis.Table) -> ibis.Table:
        inside = stretch.rows(labels)
        own = inside.filter(inside["head"].isin(list(heads)))
        if not label:
            return own
        given = own.filter(own.label == label).select("shop_id", "table_name", "row_id").distinct()
        return own.semi_join(given.view(), ["shop_id", "table_name", "row_id"])

    holding = Facts(Part(facts.engine, {"labels": keep})).relation("current_labels")
    return holding.filter(holding.label == label) if label else holding


def as_of_edition(facts: Facts, edition: int) -> Facts:
    """Return facts in which texts have the concerns they had in an edition of the ledger."""

    def keep(labels: ibis.Table) -> ibis.Table:
        until = labels.version.try_cast("int64") <= edition
        return labels.filter((labels["head"] != CONCERN) | until.fill_null(False))

    return Facts(Part(facts.engine, {"labels": keep}), assumptions=facts.assumptions)


def labels_on(
    facts: Facts, sources: Iterable[Source], dates: Iterable[str]
) -> list[dict[str, object]]:
    """Return the labels that hold on some rows, which are dated on these days."""
    shops, tables, rows = (sorted(set(part)) for part in zip(*sources, strict=True))
    days = sorted({*dates, UNDATED})

    def keep(labels: ibis.Table) -> ibis.Table:
        return labels.filter(
            labels.shop_id.isin(shops)
            & labels.local_date.isin(days)
            & labels.table_name.isin(tables)
            & labels.row_id.isin(rows)
        )

    said: list[dict[str, object]] = facts.engine.arrow(keep(facts.table("labels"))).to_pylist()
    judges: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
    for row in said:
        judges.setdefault(_of_head(row), set()).add((row["source"], row["version"]))
    if all(len(several) == 1 for several in judges.values()):
        # Where one judge alone has spoken there is nothing to decide, and pages are to be quick.
        return [row for row in said if row["label"] not in NO_LABEL]
    part = Facts(Part(facts.engine, {"labels": keep}))
    holding: list[dict[str, object]] = part.engine.arrow(
        part.relation("current_labels")
    ).to_pylist()
    return holding


def _of_head(row: dict[str, object]) -> tuple[object, ...]:
    return row["shop_id"], row["table_name"], row["row_id"], row["head"]
