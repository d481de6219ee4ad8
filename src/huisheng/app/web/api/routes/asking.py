"""What several routes ask first: the current run, and days that make sense."""

from datetime import date, timedelta

from huisheng.app.report import Document
from huisheng.app.web import library
from huisheng.app.web.api.schemas.parts import EARLIEST, LATEST
from huisheng.errors import UnknownNameError

NO_RUN = "数据：还没有分析过。请先导入数据并分析一次"


def current_run() -> Document:
    """Return the current analysis run.

    Raises:
        UnknownNameError: there is none yet.
    """
    document = library.document()
    if document is None:
        raise UnknownNameError(NO_RUN)
    return document


def stretch(start: date, days: int) -> tuple[date, date]:
    """Return the first and the last of some days.

    Raises:
        UnknownNameError: nothing can have happened then.
    """
    if not EARLIEST <= start <= LATEST:
        raise UnknownNameError(f"日期 {start}：这么早或这么晚不会有数据。请检查年份")
    return start, start + timedelta(days=days - 1)
