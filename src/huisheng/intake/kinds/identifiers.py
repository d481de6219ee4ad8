"""Identifiers: text that is never a number, and is refused once a spreadsheet has rounded it."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.cells import PLACEHOLDERS, nulled
from huisheng.intake.kinds.outcome import Outcome, UnreadableError, read_cells

_SUSPECT = r'^(?:[0-9]+\.[0-9]+|[0-9]+(?:\.[0-9]*)?[eE]\+?[0-9]{1,3}|["\x60].*|.*["\x60])$'
_SCIENTIFIC = re.compile(r"\d+(?:\.\d*)?[eE]\+?\d{1,3}", re.ASCII)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_HIDDEN = r"\*\*|^\*|^##|^\$\$"
_EXPORT_AGAIN = "请从平台重新导出，不要用表格软件另存"
_EXACT_DIGITS = 15  # of a number in a spreadsheet, or in any other double


def parse_identifier(cells: pa.Array) -> Outcome:
    """Return ids as they are; those that lost digits to scientific notation are bad."""
    cells = nulled(cells, PLACEHOLDERS)
    suspect = pc.fill_null(pc.match_substring_regex(cells, _SUSPECT), True)
    return read_cells(cells, pc.invert(suspect), lambda usual: usual, _identifier, pa.string())


def _identifier(text: str) -> str | None:
    text = text.strip("\"`'\t ")
    if _SCIENTIFIC.fullmatch(text):
        raise UnreadableError(f"编号被表格软件改成了科学计数法，末尾数字已丢失，{_EXPORT_AGAIN}")
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole is None:
        return text or None
    if len(whole[1]) > _EXACT_DIGITS:
        raise UnreadableError(f"编号曾被存为数字，超过 15 位的部分已不可信，{_EXPORT_AGAIN}")
    return whole[1]


def parse_person(cells: pa.Array) -> Outcome:
    """Return what identifies a person; a nick or cipher hidden by the platform identifies nobody.

    `t***8` stands for thousands of buyers, so it must never become a key.
    """
    hidden = pc.match_substring_regex(cells, _HIDDEN)
    return parse_identifier(pc.if_else(hidden, pa.scalar(None, pa.string()), cells))
