"""Mask whole columns: one vectorised regular expression picks the candidates, distinct ones once.

Chat is mostly harmless. Arrow's RE2 looks for what every personal datum must contain (a run of
digits, a keyword, three address characters); only the distinct texts that have it reach Python.
"""

from collections.abc import Callable, Collection

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.privacy import addresses
from huisheng.privacy.detectors import DETECTORS, FLAG_DETECTORS, FOLDED
from huisheng.privacy.kinds import LINK_KINDS, Kind, MaskKind
from huisheng.privacy.text import mask_text
from huisheng.privacy.values import mask_value

_MASKED_KINDS = frozenset(kind for detector in DETECTORS for kind in detector.kinds)
_MOBILE = "^(1[3-9][0-9])[0-9]{4}([0-9]{4})$"
_ENTITY_SCHEMA = pa.schema([("row", pa.int64()), ("kind", pa.string()), ("value", pa.string())])


def mask_column(
    values: pa.Array | pa.ChunkedArray, kind: MaskKind, own_values: Collection[str] = ()
) -> pa.Array:
    """Mask every value of a column by what the column holds.

    Args:
        values: strings, shape `(n,)`, less than 2 GB; nulls stay null, empty strings empty.
        kind: what the column holds; free text is searched, any other value is hidden whole but
            for the part its mask shows. Platform ciphertext (`##…`, `$$…`) and masked values stay.
        own_values: numbers and addresses of the shop itself, which stay readable in free text.

    Returns:
        Strings, shape `(n,)`.
    """
    column = _strings(values)
    if kind is not MaskKind.FREE_TEXT:
        return _mask_values(column, kind)
    candidates = candidates_for(column, _MASKED_KINDS)
    masked = _map_distinct(column.filter(candidates), lambda text: mask_text(text, own_values).text)
    return pc.replace_with_mask(column, candidates, masked)


def entities_column(
    values: pa.Array | pa.ChunkedArray, kinds: Collection[Kind] = LINK_KINDS
) -> pa.Table:
    """List what is found in a column of free text: by default order, parcel and product numbers.

    The values are plain: make keys of them in memory (`Pseudonyms`), never store them, except
    order, parcel and product numbers, which are keys already.

    Args:
        values: strings, shape `(n,)`; nulls hold nothing.
        kinds: which kinds to list; the flags (health, minors) and secrets serve alerts.

    Returns:
        `row: int64` (position in `values`), `kind: string`, `value: string`, in order of row and
        appearance.
    """
    column = _strings(values)
    rows = pc.indices_nonzero(candidates_for(column, kinds))
    distinct = pc.dictionary_encode(column.take(rows))
    found = [
        [entity for entity in mask_text(text).entities if entity.kind in kinds]
        for text in distinct.dictionary.to_pylist()
    ]
    kind_lists = _lists([[entity.kind.value for entity in each] for each in found], distinct)
    value_lists = _lists([[entity.value for entity in each] for each in found], distinct)
    position = pc.list_parent_indices(kind_lists)
    return pa.Table.from_arrays(
        [
            pc.cast(pc.take(rows, position), pa.int64()),
            pc.list_flatten(kind_lists),
            pc.list_flatten(value_lists),
        ],
        schema=_ENTITY_SCHEMA,
    )


def candidates_for(values: pa.Array, kinds: Collection[Kind] = _MASKED_KINDS) -> pa.Array:
    """Return which texts may hold one of these kinds: booleans, never null, shape `(n,)`."""
    triggers = {
        trigger
        for detector in (*DETECTORS, *FLAG_DETECTORS)
        if not set(kinds).isdisjoint(detector.kinds)
        for trigger in detector.triggers
    }
    # Apart: together with the others the address automaton outgrows RE2's cache, 20 times slower.
    apart = triggers.intersection(addresses.TRIGGERS)
    hits = pc.match_substring_regex(values, "|".join(sorted(triggers - apart | {FOLDED})))
    if apart:
        hits = pc.or_(hits, pc.match_substring_regex(values, "|".join(sorted(apart))))
    return pc.fill_null(hits, False)


def _strings(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return whole if whole.type == pa.string() else whole.cast(pa.string())


def _mask_values(column: pa.Array, kind: MaskKind) -> pa.Array:
    """Mask plain mobiles by Arrow alone, and every other distinct value once."""
    if kind not in (MaskKind.PHONE, MaskKind.PAYEE):
        return _map_distinct(column, lambda value: mask_value(value, kind))
    masked = pc.replace_substring_regex(column, _MOBILE, r"\1****\2")
    others = pc.fill_null(pc.equal(masked, column), False)
    rest = _map_distinct(column.filter(others), lambda value: mask_value(value, kind))
    return pc.replace_with_mask(masked, others, rest)


def _lists(per_distinct: list[list[str]], encoded: pa.DictionaryArray) -> pa.Array:
    return pa.array(per_distinct, pa.list_(pa.string())).take(encoded.indices)


def _map_distinct(column: pa.Array, mask: Callable[[str], str]) -> pa.Array:
    encoded = pc.dictionary_encode(column)
    masked = [mask(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(masked, pa.string()).take(encoded.indices)
