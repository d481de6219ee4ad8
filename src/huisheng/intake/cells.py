"""Clean raw cells the same way for every format: headers, wrappings, words that mean no data."""

import re
import unicodedata
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import ROW

PLACEHOLDERS = pa.array(
    [
        *("", "-", "--", "---", "~", "—", "——", "/", "\\N", "无", "暂无", "空", "(空)"),
        *("NULL", "null", "Null", "None", "nan", "NaN", "NAN", "N/A", "#N/A", "NaT"),
    ]
)
"""Cells that mean «no data» in exports; never zero."""

NOTHING = pa.array(["", "NULL", "null", "None", "nan", "NaN", "NaT", "\\N"])
"""The placeholders that no person would write as an answer."""

SUMMARY_WORDS = pa.array(
    [
        *("店铺汇总值", "店铺平均值", "汇总", "合计", "总计", "小计", "均值", "平均", "平均值"),
        *("汇总值", "总和", "合计:", "总计:", "店铺汇总", "店铺平均"),
    ]
)
_WHO_OR_WHEN = re.compile("客服|账号|昵称|旺旺|日期|店铺|account|agent_id|report_date|display_name")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")


def normalise_header(name: str) -> str:
    """Return a header in NFKC without any white space, zero-width character or wrapping."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name))
    return plain.removeprefix("=").strip("\"'`")


def unwrapped(rows: pa.Table) -> pa.Table:
    """Return the rows with every cell stripped of white space, `="…"` and a leading apostrophe."""
    return _each_text(rows, _unwrap)


def without_placeholders(rows: pa.Table) -> pa.Table:
    """Return the rows with every cell that only means «no data» null."""
    return _each_text(rows, lambda cells: nulled(cells, PLACEHOLDERS))


def nulled(cells: pa.Array, words: pa.Array) -> pa.Array:
    """Return the cells with those that equal one of `words` null."""
    return pc.if_else(pc.is_in(cells, words), pa.scalar(None, pa.string()), cells)


def without_summaries(rows: pa.Table) -> tuple[pa.Table, int]:
    """Return the rows that are details, and how many summary rows were left out."""
    checked = [name for name in rows.column_names if _WHO_OR_WHEN.search(name)]
    first = next((name for name in rows.column_names if name != ROW), None)
    summary: pa.ChunkedArray | None = None
    for name in dict.fromkeys([*([first] if first else []), *checked]):
        hits = pc.is_in(rows[name], SUMMARY_WORDS)
        summary = hits if summary is None else pc.or_(summary, hits)
    count = int(pc.sum(summary).as_py() or 0) if summary is not None else 0
    return (rows.filter(pc.invert(summary)), count) if count else (rows, 0)


def without_blank_rows(rows: pa.Table) -> pa.Table:
    """Return the rows in which at least one cell holds something."""
    blank: pa.ChunkedArray | None = None
    for name in rows.column_names:
        if name == ROW:
            continue
        column = rows[name]
        if column.null_count == 0 and blank is None and not _any_empty(column):
            return rows
        nothing = pc.fill_null(pc.equal(column, ""), True)
        blank = nothing if blank is None else pc.and_(blank, nothing)
        if not pc.any(blank).as_py():
            return rows
    return rows if blank is None else rows.filter(pc.invert(blank))


def duplicates(header: Iterable[str]) -> list[str]:
    """Return the names that occur more than once, in order, nameless columns aside."""
    names = [name for name in header if name]
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _any_empty(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.equal(column, "")).as_py())


def _each_text(rows: pa.Table, clean: Callable[[pa.Array], pa.Array]) -> pa.Table:
    columns = [
        pa.chunked_array([clean(part) for part in rows[name].chunks], type=rows[name].type)
        if pa.types.is_string(rows[name].type)
        else rows[name]
        for name in rows.column_names
    ]
    return pa.table(columns, names=rows.column_names)


def _unwrap(cells: pa.Array) -> pa.Array:
    cells = pc.utf8_trim_whitespace(cells)
    if pc.any(pc.starts_with(cells, "=")).as_py():
        cells = pc.replace_substring_regex(cells, r'(?s)^=\s*"(.*)"$', r"\1")
        cells = pc.utf8_trim_whitespace(cells)
    if pc.any(pc.starts_with(cells, "'")).as_py():
        cells = pc.replace_substring_regex(cells, "^'([^']*)$", r"\1")
        cells = pc.utf8_trim_whitespace(cells)
    return cells
