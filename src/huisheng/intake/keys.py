"""Keys for rows whose source has none: the same row gets the same key in every import."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import KEYED, ROW
from huisheng.privacy import Pseudonyms
from huisheng.records import Kind, all_tables

_NATURAL: Mapping[str, tuple[str, ...]] = {
    "reviews": ("order_no", "sub_order_no", "product_id", "created_at", "content"),
    "session_ratings": ("conv_id", "agent_id", "customer_key", "order_no", "rated_at", "level"),
    "ticket_events": ("ticket_no", "at", "event_type", "from_status", "to_status", "actor"),
    "followups": ("trigger", "customer_key", "order_no", "conv_id", "planned_at"),
}
"""What makes a row without a number of its own the same row again."""

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "order_items": ("order_no",),
    "messages": ("conv_id",),
    "reviews": ("content",),
    "session_ratings": ("rated_at",),
    "ticket_events": ("ticket_no",),
    "followups": ("planned_at",),
}
"""Columns that a table without its key column must have for a key to be made."""

_ORDERED_BY_TIME = frozenset({"shipment_events"})
_GOODS = ("sku_id", "merchant_code", "product_id")
_REMEMBERED = 262_144


def can_make_key(table: str, columns: Collection[str]) -> bool:
    """Return whether rows with these columns have, or can be given, the table's key."""
    own = all_tables()[table].own
    first, *rest = all_tables()[table].key or ("name",)
    if first not in columns:
        return table in _NEEDS and set(_NEEDS[table]) <= set(columns)
    # An empty text is a key part like any other; an empty number or time is not.
    needed = {part for part in rest if own[part].kind in (Kind.INSTANT, Kind.INTEGER)}
    return needed <= set(columns) or table in _ORDERED_BY_TIME


@dataclass
class Ordinals:
    """Counts how often each text has come by, over all batches of a file.

    Attributes:
        limit: after this many different texts the oldest are forgotten: exports keep the lines
            of one order together.
    """

    limit: int | None = None
    _seen: dict[str | None, int] = field(default_factory=dict)

    def next(self, texts: pa.Array) -> pa.Array:
        """Return for each text how many equal ones came before it."""
        encoded = pc.dictionary_encode(texts, null_encoding="encode")
        codes = np.asarray(encoded.indices)
        order = np.argsort(codes, kind="stable")
        starts = np.r_[0, np.flatnonzero(np.diff(codes[order])) + 1] if len(codes) else order
        lengths = np.diff(np.r_[starts, len(codes)]) if len(codes) else order
        within = np.empty(len(codes), dtype=np.int64)
        within[order] = np.arange(len(codes)) - np.repeat(starts, lengths)
        names = encoded.dictionary.to_pylist()
        before = np.array([self._seen.get(name, 0) for name in names], dtype=np.int64)
        counts = np.bincount(codes, minlength=len(names))
        self._remember(names, before + counts)
        return pa.array(within + before[codes] if len(codes) else within)

    def _remember(self, names: list[str | None], counts: np.ndarray) -> None:
        for name, count in zip(names, counts.tolist(), strict=True):
            self._seen.pop(name, None)  # so that the newest stand last
            self._seen[name] = count
        if self.limit is not None and len(self._seen) > self.limit:
            for name in list(self._seen)[: len(self._seen) - self.limit]:
                del self._seen[name]


@dataclass
class KeyMaker:
    """Fills the key columns of one file's rows."""

    _messages: Ordinals = field(default_factory=Ordinals)
    _items: Ordinals = field(default_factory=lambda: Ordinals(_REMEMBERED))
    _events: Ordinals = field(default_factory=lambda: Ordinals(_REMEMBERED))

    def fill(self, table: str, rows: pa.Table, pseudonyms: Pseudonyms) -> pa.Table:
        """Return typed rows of one shop, in file order, with missing keys filled where possible."""
        rows = _keyed(rows, pseudonyms)
        makers: Mapping[str, Callable[[pa.Table], pa.Table]] = {
            "messages": self._message_keys,
            "order_items": self._item_keys,
            "shipment_events": self._event_order,
        }
        if table in makers:
            return makers[table](rows)
        if table in _NATURAL:
            return _content_keys(table, rows, pseudonyms)
        return rows

    def _message_keys(self, rows: pa.Table) -> pa.Table:
        conversation = column_of(rows, "conv_id", pa.string())
        seq = column_of(rows, "seq", pa.int64())
        if seq.null_count:
            counted = self._messages.next(conversation)
            seq = pc.coalesce(seq, counted)
        made = pc.binary_join_element_wise(conversation, pc.cast(seq, pa.string()), "-")
        number = pc.coalesce(column_of(rows, "msg_id", pa.string()), made)
        return with_column(with_column(rows, "seq", seq), "msg_id", number)

    def _item_keys(self, rows: pa.Table) -> pa.Table:
        given = column_of(rows, "sub_order_no", pa.string())
        if not given.null_count:
            return rows
        goods = pc.coalesce(*(column_of(rows, name, pa.string()) for name in _GOODS), "")
        made = pc.binary_join_element_wise(column_of(rows, "order_no", pa.string()), goods, "-")
        again = self._items.next(made)
        repeat = pc.binary_join_element_wise(made, pc.cast(pc.add(again, 1), pa.string()), "-")
        made = pc.if_else(pc.equal(again, 0), made, repeat)
        return with_column(rows, "sub_order_no", pc.coalesce(given, made))

    def _event_order(self, rows: pa.Table) -> pa.Table:
        seq = column_of(rows, "seq", pa.int64())
        if not seq.null_count:
            return rows
        # By time, so that a trace listed newest first, or exported again, keeps its order.
        time = column_of(rows, "time", pa.int64())
        number = column_of(rows, "tracking_no", pa.string())
        same = pc.binary_join_element_wise(number, pc.cast(time, pa.string()), "@")
        made = pc.add(pc.multiply(pc.divide(time, 1_000_000), 1_000), self._events.next(same))
        return with_column(rows, "seq", pc.coalesce(seq, made))


def column_of(rows: pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    """Return a column as one array, all null where the rows have none."""
    if name not in rows.column_names:
        return pa.nulls(rows.num_rows, kind)
    column = rows[name].combine_chunks()
    return column.cast(kind) if column.type != kind else column


def with_column(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Return the rows with a column replaced or added."""
    if name in rows.column_names:
        return rows.set_column(rows.column_names.index(name), name, values)
    return rows.append_column(name, values)


def _keyed(rows: pa.Table, pseudonyms: Pseudonyms) -> pa.Table:
    """Return the rows with `KEYED` columns turned into the keys they stand for."""
    for name in [name for name in rows.column_names if name.startswith(KEYED)]:
        made = pseudonyms.keys(rows[name])
        column = name.removeprefix(KEYED)
        values = pc.coalesce(column_of(rows, column, pa.string()), made)
        rows = with_column(rows.drop_columns([name]), column, values)
    return rows


def _content_keys(table: str, rows: pa.Table, pseudonyms: Pseudonyms) -> pa.Table:
    key = all_tables()[table].key[0]
    given = column_of(rows, key, pa.string())
    if not given.null_count:
        return rows
    parts = [
        pc.fill_null(column_of(rows, name, pa.string()), "")
        for name in _NATURAL[table]
        if name in rows.column_names and name != ROW
    ]
    told = pc.binary_join_element_wise(*parts, "\x1f")
    blank = pc.equal(pc.replace_substring(told, "\x1f", ""), "")
    made = pc.if_else(blank, pa.scalar(None, pa.string()), pseudonyms.keys(told))
    return with_column(rows, key, pc.coalesce(given, made))
