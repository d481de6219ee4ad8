"""JSON cells: checked, written in one form; a plain list of words becomes a JSON list."""

import json
import re

import pyarrow as pa

from huisheng.intake.cells import PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import Outcome, UnreadableError, read_distinct

_BETWEEN_WORDS = re.compile(r"[,，;；、|\n]+")


def parse_document(cells: pa.Array) -> Outcome:
    """Return JSON text."""
    return read_distinct(nulled(cells, PLACEHOLDERS), _document, pa.string())


def _document(text: str) -> str:
    if text[0] in "[{":
        try:
            return json.dumps(json.loads(text, parse_constant=_refuse), ensure_ascii=False)
        except (ValueError, RecursionError) as exc:
            raise UnreadableError("不是合法的 JSON，请检查括号与引号") from exc
    words = [word.strip() for word in _BETWEEN_WORDS.split(text)]
    return json.dumps([word for word in words if word], ensure_ascii=False)


def _refuse(constant: str) -> float:
    raise ValueError(constant)
