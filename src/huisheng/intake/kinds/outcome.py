"""How every parser works: a vectorised path for the usual form, each other text read once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class UnreadableError(Exception):
    """A cell does not hold what its column holds; the message is the reason, in Chinese."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Parsed cells.

    Attributes:
        values: one typed value per cell, null where there was none or it is bad.
        reasons: why a cell is bad, null where it is not; None when no cell is.
    """

    values: pa.Array
    reasons: pa.Array | None = None


def read_cells(
    cells: pa.Array,
    usual: pa.Array,
    fast: Callable[[pa.Array], pa.Array],
    slow: Callable[[str], object],
    kind: pa.DataType,
) -> Outcome:
    """Parse cells, `fast` where `usual` is true, else `slow` once per distinct text.

    `slow` returns None for «no data» and raises `UnreadableError`.
    """
    usual = pc.fill_null(usual, False)
    rest = pc.and_(pc.is_valid(cells), pc.invert(usual))
    if not pc.any(rest).as_py():
        return Outcome(fast(cells))
    values = pa.nulls(len(cells), kind)
    if pc.any(usual).as_py():
        values = pc.replace_with_mask(values, usual, fast(cells.filter(usual)))
    odd = read_distinct(cells.filter(rest), slow, kind)
    values = pc.replace_with_mask(values, rest, odd.values)
    if odd.reasons is None:
        return Outcome(values)
    reasons = pc.replace_with_mask(pa.nulls(len(cells), pa.string()), rest, odd.reasons)
    return Outcome(values, reasons)


def read_distinct(cells: pa.Array, read: Callable[[str], object], kind: pa.DataType) -> Outcome:
    """Parse cells with a Python function that is called once per distinct text."""
    encoded = cells.dictionary_encode()
    found: list[object] = []
    reasons: list[str | None] = []
    for text in encoded.dictionary.to_pylist():
        try:
            found.append(read(text))
            reasons.append(None)
        except UnreadableError as exc:
            found.append(None)
            reasons.append(str(exc))
    values = pa.array(found, kind).take(encoded.indices)
    if not any(reasons):
        return Outcome(values)
    return Outcome(values, pa.array(reasons, pa.string()).take(encoded.indices))


def shown(text: str) -> str:
    """Return a cell as an error message may show it: its shape, for it may be personal."""
    return f"共 {len(text)} 个字符" if len(text) > 24 else f"「{shape(text)}」"


def shape(text: str) -> str:
    """Return the text with every digit run beyond four and every word hidden."""
    digits = sum(character.isdigit() for character in text)
    return f"{text[:2]}…" if digits > 6 or len(text) > 8 else text


def fen_of(decimals: pa.Array) -> pa.Array:
    """Return the unscaled value of decimal128(18, 2) cells: yuan to fen without any rounding."""
    words = np.frombuffer(decimals.buffers()[1], dtype=np.int64)
    low = words[2 * decimals.offset : 2 * (decimals.offset + len(decimals)) : 2]
    missing = np.asarray(decimals.is_null()) if decimals.null_count else None
    return pa.array(low, pa.int64(), mask=missing)
