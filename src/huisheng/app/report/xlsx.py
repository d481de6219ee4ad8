"""Writes the report as an Excel workbook that never runs what a buyer typed."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO

import xlsxwriter

from huisheng.app.report.document import Document
from huisheng.app.report.sheets import Cell, Sheet, sheets

# The file must not say when it was made: the same report has to give the same bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
_LONGEST_TEXT = 32_767
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TOP = {"valign": "top", "font_name": "Microsoft YaHei", "font_size": 10}
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "text": {"text_wrap": True},
    "defused": {"text_wrap": True, "quote_prefix": True},
    "whole": {"num_format": "#,##0"},
    "percent": {"num_format": "0.00%"},
    "small": {"num_format": "0.0E+00"},
    "money": {"num_format": "¥#,##0.00"},
    "dec": {"num_format": "#,##0.0#"},
    "title": {"bold": True, "font_size": 13},
    "banner": {"font_color": "#5F5B53"},
    "header": {"bold": True, "bottom": 1, "bg_color": "#F1EEE6", "text_wrap": True},
}


def render_xlsx(document: Document) -> bytes:
    """Return the report as a workbook; the same document gives the same bytes."""
    return render_sheets(sheets(document), "服务卡点报告")


def render_sheets(pages: Iterable[Sheet], title: str) -> bytes:
    """Return sheets as a workbook.

    Text is only ever written as text: a quote such as `=HYPERLINK(…)` stays a quote, also after
    someone edits the cell.
    """
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "nan_inf_to_errors": False})
    book.set_properties({"title": title, "author": "回声", "created": _CREATED})
    formats = {name: book.add_format({**_TOP, **style}) for name, style in _FORMATS.items()}
    for sheet in pages:
        _write(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return file.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    sheet: Sheet,
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    for row, line in enumerate(sheet.banner):
        page.write_string(row, 0, _text(line), formats["banner" if row else "title"])
    top = len(sheet.banner)
    for column, (header, width) in enumerate(sheet.headers):
        page.set_column(column, column, width)
        page.write_string(top, column, header, formats["header"])
    for row, cells in enumerate(sheet.rows, start=top + 1):
        for column, cell in enumerate(cells):
            _write_cell(page, row, column, cell, formats)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, top + len(sheet.rows), len(sheet.headers) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _write_cell(
    page: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    formats: Mapping[str, xlsxwriter.format.Format],
) -> None:
    if cell.value is None:
        page.write_blank(row, column, None, formats[cell.format])
    elif isinstance(cell.value, str):
        text = _text(cell.value)
        name = "defused" if text.startswith(_FORMULA_STARTS) else cell.format
        page.write_string(row, column, text, formats[name])
    else:
        page.write_number(row, column, cell.value, formats[cell.format])


def _text(value: str) -> str:
    # XML turns a lone CR into a line feed when it is read; doing so here keeps one meaning.
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\ufffd", value)[:_LONGEST_TEXT]
