"""One buyer in the lake: which rows of which table are about them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa

from huisheng.lake import Engine, Workspace
from huisheng.privacy import Pseudonyms
from huisheng.records import all_tables

_OURS = 32
_WRAPPING = "\"'`\t "
ALIASES = {"recovered_order_no": "order_no"}
"""Columns that hold what another column is named after."""
NAMED_BY = {
    "order_no": "orders",
    "refund_no": "refunds",
    "conv_id": "conversations",
    "ticket_no": "tickets",
    "survey_id": "surveys",
    "tracking_no": "shipments",
}
"""Which table's rows make a number the buyer's, in the order in which they lead to each other."""
TELLING = ("order_no", "refund_no", "conv_id", "ticket_no", "survey_id", "tracking_no")
LABELS = "labels"
_NO_ROWS = pa.schema([("table_name", pa.string()), ("row_id", pa.string())])


@dataclass(frozen=True, slots=True)
class Subject:
    """A buyer of one shop: their pseudonyms, and orders that name no buyer."""

    shop_id: str
    customer_keys: tuple[str, ...]
    order_nos: tuple[str, ...] = ()


def keys_for(workspace: Workspace, shop_id: str, typed: str) -> tuple[str, ...]:
    """Return the pseudonyms under which intake may have stored what somebody typed.

    Intake takes white space and quotes off a cell and keeps spellings apart, so both the text as
    typed and its plain form are tried. A pseudonym stands for itself. Nothing typed is kept.
    """
    text = typed.strip(_WRAPPING)
    spellings = dict.fromkeys((text, unicodedata.normalize("NFKC", text)))
    pseudonyms = Pseudonyms(workspace.salt(shop_id))
    keys = [pseudonyms.key(spelling) for spelling in spellings if spelling]
    plain = text.lower()
    ours = len(plain) == _OURS and all(letter in "0123456789abcdef" for letter in plain)
    return tuple([*keys, plain] if ours else keys)


def subject_by_keys(engine: Engine, shop_id: str, keys: tuple[str, ...]) -> Subject | None:
    """Return the buyer of some pseudonyms, None where no table names any of them."""
    found: set[str] = set()
    for name, table in all_tables().items():
        if "customer_key" in table.schema.names and name in engine.versions:
            rows = engine.table(name)
            named = rows.filter((rows.shop_id == shop_id) & rows.customer_key.isin(keys))
            found |= _texts(engine, named.select("customer_key").distinct())
    return Subject(shop_id, tuple(sorted(found))) if found else None


def subject_by_order(engine: Engine, shop_id: str, order_no: str) -> Subject | None:
    """Return the buyer of an order: who placed it and who talked about it; None without any row."""
    keys: set[str] = set()
    known = False
    for name, table in all_tables().items():
        columns = table.schema.names
        if "order_no" not in columns or name not in engine.versions:
            continue
        rows = engine.table(name)
        about = rows.filter((rows.shop_id == shop_id) & (rows.order_no == order_no))
        known = known or bool(engine.arrow(about.limit(1).select("order_no")).num_rows)
        if "customer_key" in columns and name in ("orders", "conversations"):
            keys |= _texts(engine, about.select("customer_key").distinct())
    return Subject(shop_id, tuple(sorted(keys)), (order_no,)) if known else None


def rows_about(engine: Engine, subject: Subject) -> dict[str, ibis.Table]:
    """Return the rows of every published table that are about a buyer, by table.

    A row is about them when it names them, or names an order, refund, conversation, ticket,
    survey or parcel of theirs. Labels of such rows go with them.
    """
    numbers: dict[str, ibis.Table] = {}
    found: dict[str, ibis.Table] = {}
    for column in TELLING:
        name = NAMED_BY[column]
        found[name] = _about(engine, name, subject, numbers)
        told = [engine.arrow(found[name].select(column))]
        if column == "order_no":
            told.append(pa.table({column: pa.array(subject.order_nos, pa.string())}))
        if column == "tracking_no":
            told.append(engine.arrow(found["refunds"].select(tracking_no="return_tracking_no")))
        # Held as a table: asked for again inside each query, it would be computed every time.
        numbers[column] = ibis.memtable(pa.concat_tables(told))
    for name in all_tables():
        if name not in found and _links(name) and name in engine.versions:
            found[name] = _about(engine, name, subject, numbers)
    if LABELS in engine.versions:
        found[LABELS] = _labels(engine, subject, found)
    return {name: rows for name, rows in found.items() if name in engine.versions}


def counts_of(engine: Engine, found: Mapping[str, ibis.Table]) -> dict[str, int]:
    """Return how many rows each table has about a buyer, without those that have none."""
    counts = {
        name: int(engine.arrow(rows.aggregate(n=rows.count()))["n"][0].as_py())
        for name, rows in found.items()
    }
    return {name: count for name, count in counts.items() if count}


def _about(
    engine: Engine, name: str, subject: Subject, numbers: Mapping[str, ibis.Table]
) -> ibis.Table:
    rows = engine.table(name)
    met = ibis.literal(False)
    for column, kind in _links(name).items():
        if kind == "customer_key":
            met = met | rows[column].isin(subject.customer_keys).fill_null(False)
        elif kind in numbers:
            known = numbers[kind]
            met = met | rows[column].isin(known[kind]).fill_null(False)
        elif kind == "order_no":
            met = met | rows[column].isin(subject.order_nos).fill_null(False)
    return rows.filter((rows.shop_id == subject.shop_id) & met)


def _links(name: str) -> dict[str, str]:
    """Return the columns of a table that lead to a buyer, with what they hold."""
    if name == LABELS:
        return {}
    known = {"customer_key", *TELLING}
    kinds = {column: ALIASES.get(column, column) for column in all_tables()[name].schema.names}
    return {column: kind for column, kind in kinds.items() if kind in known}


def _labels(engine: Engine, subject: Subject, found: Mapping[str, ibis.Table]) -> ibis.Table:
    labels = engine.table(LABELS)
    own = labels.filter(labels.shop_id == subject.shop_id)
    tables = _texts(engine, own.select("table_name").distinct())
    told = []
    for name in sorted(tables & found.keys()):
        ids = engine.arrow(found[name].select(row_id=all_tables()[name].key[0]))
        names = pa.array([name] * ids.num_rows, pa.string())
        told.append(pa.table({"table_name": names, "row_id": ids["row_id"].combine_chunks()}))
    named = ibis.memtable(pa.concat_tables([_NO_ROWS.empty_table(), *told]))
    return own.semi_join(named, ["table_name", "row_id"])


def _texts(engine: Engine, rows: ibis.Table) -> set[str]:
    column = engine.arrow(rows).column(0).to_pylist()
    return {text for text in column if text}
