"""Mask rows before anything is stored: keyed pseudonyms, masked text, masked JSON."""

import json
import re
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.keys import column_of, with_column
from huisheng.intake.personal import looks_personal, names_keys
from huisheng.privacy import MaskKind, Pseudonyms, entities_column, mask_column
from huisheng.records import Column, Kind, Privacy, Table

EXT = "ext."
"""Prefix of columns that have no place in the table: they are gathered in `ext`."""

# A key is one word of at least one digit, and no mobile number.
_KEY = (
    r"^(?:[A-Za-z_-][A-Za-z0-9_-]*|[02-9][0-9A-Za-z_-]*|1|1[0-2][0-9A-Za-z_-]*"
    r"|1[3-9](?:[0-9]{0,8}|[0-9]{10,}))$"
)
_OURS = r"^[0-9a-f]{32}$"
_STAFF = pa.array(["agent", "robot_auto", "robot_assist", "system"])
_HIDDEN = "***"


def protect(name: str, table: Table, rows: pa.Table, pseudonyms: Pseudonyms) -> pa.Table:
    """Return typed rows of one shop with nothing personal left in them."""
    if name == "messages":
        rows = _with_entities(rows)
    for column in table.own.values():
        if column.stored in rows.column_names and column.name != "ext":
            values = rows[column.stored].combine_chunks()
            protected = _protect(name, table, column, values, pseudonyms)
            if name == "messages" and column.name == "nick_masked":
                staff = pc.is_in(column_of(rows, "role", pa.string()), _STAFF)
                protected = pc.if_else(staff, mask_column(values, MaskKind.FREE_TEXT), protected)
            rows = with_column(rows, column.stored, protected)
    return _gathered(rows)


def mask_names(cells: pa.Array) -> pa.Array:
    """Return cells of unknown columns masked, a lone word of 2–4 Han characters like a name."""
    masked = mask_column(cells, MaskKind.FREE_TEXT)
    return pc.replace_substring_regex(masked, r"^(\p{Han})\p{Han}{1,3}$", r"\1**")


def mask_documents(cells: pa.Array, name: str = "") -> pa.Array:
    """Return JSON cells with every text and number in them masked, personal fields hidden.

    Numbers of orders, products and the like are keys: under a name that says so they stay. `name`
    is the column's.
    """
    encoded = pc.dictionary_encode(cells)
    documents = [json.loads(text) for text in encoded.dictionary.to_pylist()]
    leaves = dict.fromkeys(leaf for document in documents for leaf in _leaves(document, name))
    masked = mask_column(pa.array(list(leaves), pa.string()), MaskKind.FREE_TEXT).to_pylist()
    known = dict(zip(leaves, masked, strict=True))
    texts = [json.dumps(_masked(each, known, name), ensure_ascii=False) for each in documents]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _protect(
    name: str, table: Table, column: Column, values: pa.Array, pseudonyms: Pseudonyms
) -> pa.Array:
    if column.privacy is Privacy.PSEUDONYM:
        return _keyed(values, pseudonyms)
    if column.kind is Kind.JSON:
        return (
            values
            if name == "messages" and column.mask is None
            else mask_documents(values, column.name)
        )
    if column.privacy is Privacy.MASKED and column.mask is not None:
        mask = column.mask
        return _each_distinct(values, lambda texts: mask_column(texts, mask))
    if column.kind in (Kind.CODE, Kind.TEXT) and not _is_identifier(table, column):
        return _each_distinct(values, lambda texts: mask_column(texts, MaskKind.FREE_TEXT))
    return values


def _is_identifier(table: Table, column: Column) -> bool:
    return column.name in table.key or column.name.endswith("_id")


def _keyed(values: pa.Array, pseudonyms: Pseudonyms) -> pa.Array:
    ours = pc.fill_null(pc.match_substring_regex(values, _OURS), False)
    if not pc.any(ours).as_py():
        return pseudonyms.keys(values)
    return pc.if_else(ours, values, pseudonyms.keys(values))


def _each_distinct(values: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    encoded = pc.dictionary_encode(values)
    return change(encoded.dictionary).take(encoded.indices)


def _with_entities(rows: pa.Table) -> pa.Table:
    """Fill `order_nos` and `product_ids` from the text, while it still says them."""
    texts = column_of(rows, "text", pa.string()).dictionary_encode()
    found = entities_column(texts.dictionary)
    for column, kind in (("order_nos", "order_no"), ("product_ids", "product_link")):
        listed = _lists(found.filter(pc.equal(found["kind"], kind)), len(texts.dictionary))
        given = column_of(rows, column, pa.string())
        rows = with_column(rows, column, pc.coalesce(given, listed.take(texts.indices)))
    return rows


def _lists(found: pa.Table, count: int) -> pa.Array:
    values: dict[int, dict[str, None]] = {}
    for row, value in zip(found["row"].to_pylist(), found["value"].to_pylist(), strict=True):
        values.setdefault(row, {})[value] = None
    mask = pc.is_in(pa.array(range(count), pa.int64()), pa.array(list(values), pa.int64()))
    lists = [json.dumps(list(values[row])) for row in sorted(values)]
    return pc.replace_with_mask(pa.nulls(count, pa.string()), mask, pa.array(lists, pa.string()))


def _gathered(rows: pa.Table) -> pa.Table:
    """Put the columns without a place into `ext`, as JSON, masked."""
    given = column_of(rows, "ext", pa.string())
    extra = [name for name in rows.column_names if name.startswith(EXT)]
    if given.null_count < len(given):
        given = mask_documents(given)
    if not extra:
        return with_column(rows, "ext", given)
    inside = pc.replace_substring_regex(given, r"^\{(.*)\}$", r"\1")
    members = [inside, *(_member(name, rows[name].combine_chunks()) for name in extra)]
    # Arrow 26 loses rows that are all null when it joins with null_handling="skip".
    told = [pc.fill_null(pc.binary_join_element_wise(each, ", ", ""), "") for each in members]
    joined = pc.utf8_rtrim(pc.binary_join_element_wise(*told, ""), ", ")
    whole = pc.binary_join_element_wise("{", joined, "}", "")
    whole = pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), whole)
    return with_column(rows.drop_columns(extra), "ext", whole)


def _member(name: str, cells: pa.Array) -> pa.Array:
    """Return `"name": "cell"` per row, null where the cell is."""
    name = name.removeprefix(EXT)
    text = mask_column(cells, MaskKind.FREE_TEXT)
    if names_keys(name):
        text = pc.if_else(pc.match_substring_regex(cells, _KEY), cells, text)
    text = pc.replace_substring(text, "\\", "\\\\")
    text = pc.replace_substring(text, '"', '\\"')
    text = pc.replace_substring_regex(text, "[\x00-\x1f]+", " ")
    start = json.dumps(name, ensure_ascii=False) + ': "'
    return pc.binary_join_element_wise(start, text, '"', "")


def _is_key(text: str, name: str) -> bool:
    return names_keys(name) and re.search(_KEY, text) is not None


def _leaves(document: object, name: str) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _leaves(value, key)
    elif isinstance(document, list):
        for value in document:
            yield from _leaves(value, name)
    elif (
        document is not None and not isinstance(document, bool) and not _is_key(str(document), name)
    ):
        yield str(document)


def _masked(document: object, known: dict[str, str], name: str) -> object:
    if isinstance(document, dict):
        return {
            key: _HIDDEN
            if value is not None and looks_personal(key)
            else _masked(value, known, key)
            for key, value in document.items()
        }
    if isinstance(document, list):
        return [_masked(value, known, name) for value in document]
    if document is None or isinstance(document, bool):
        return document
    text = str(document)
    return document if known.get(text, text) == text else known[text]
