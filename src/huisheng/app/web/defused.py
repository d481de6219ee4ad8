"""CSV that a spreadsheet shows as text and never runs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from django.http import StreamingHttpResponse

from huisheng.app.spreadsheets import BOM, defused

__all__ = ["BOM", "csv_answer", "defused"]


def csv_answer(name: str, rows: Iterable[Sequence[str]]) -> StreamingHttpResponse:
    """Send rows as a CSV file, one after the other."""
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield BOM
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
