"""Amounts in yuan, as exports write them, to int64 fen, exactly."""

import re
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.cells import PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import (
    Outcome,
    UnreadableError,
    fen_of,
    read_cells,
    read_distinct,
)

_PLAIN = r"^[+-]?[0-9]{1,13}(?:\.[0-9]{1,2})?$"
_DECORATION = re.compile(r"[¥￥,，\s\u00a0]|元|RMB|CNY|人民币", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_MEANS_ZERO = frozenset({"无退款申请", "未退款", "无退款"})
_LARGEST_FEN = 10**15
_BAD = "不是金额，请写成 12.50 的样子"


def parse_money(cells: pa.Array) -> Outcome:
    """Return fen. Half a fen is bad, and so is anything but an amount."""
    cells = nulled(cells, PLACEHOLDERS)
    try:
        fen = _cast(cells)
    except pa.ArrowInvalid:
        return read_cells(cells, pc.match_substring_regex(cells, _PLAIN), _cast, _fen, pa.int64())
    if (pc.max(pc.abs(fen)).as_py() or 0) > _LARGEST_FEN:
        return read_distinct(cells, _fen, pa.int64())
    return Outcome(fen)


def _cast(cells: pa.Array) -> pa.Array:
    return fen_of(pc.cast(cells, pa.decimal128(18, 2)))


def _fen(text: str) -> int:
    if text in _MEANS_ZERO:
        return 0
    plain = _DECORATION.sub("", text)
    if not _NUMBER.fullmatch(plain):
        raise UnreadableError(_BAD)
    try:
        fen = Decimal(plain) * 100
    except InvalidOperation as exc:
        raise UnreadableError(_BAD) from exc
    if fen != fen.to_integral_value():
        raise UnreadableError("金额不足一分，无法精确入库，请改为最多两位小数")
    if abs(fen) > _LARGEST_FEN:
        raise UnreadableError("金额过大，请核对")
    return int(fen)
