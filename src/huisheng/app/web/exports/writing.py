"""Writes a table as a file that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Callable, Mapping
from hashlib import sha256
from urllib.parse import quote

from django.http import HttpResponse

from huisheng.app.report.sheets import Sheet
from huisheng.app.report.xlsx import render_sheets
from huisheng.app.web.defused import BOM, defused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_bytes(sheet: Sheet) -> bytes:
    """Return a table as CSV, UTF-8 with BOM; text that looks like a formula is quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([name for name, _ in sheet.headers])
    for cells in sheet.rows:
        writer.writerow([_text(cell.value) for cell in cells])
    return (BOM + buffer.getvalue()).encode()


def xlsx_bytes(sheet: Sheet) -> bytes:
    """Return a table as a workbook of one sheet."""
    return render_sheets([sheet], sheet.name)


FORMATS: Mapping[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_bytes, XLSX),
}


def file_answer(title: str, sheet: Sheet, format_: str) -> tuple[HttpResponse, str]:
    """Return a table as a download, and the SHA-256 of the file."""
    write, content_type = FORMATS[format_]
    content = write(sheet)
    answer = HttpResponse(content, content_type=content_type)
    name = quote(f"{title}.{format_}")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer, sha256(content).hexdigest()


def _text(value: str | float | None) -> str:
    if value is None:
        return ""
    return defused(value) if isinstance(value, str) else f"{value:.15g}"
