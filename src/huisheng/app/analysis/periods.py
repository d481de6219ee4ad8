"""Which days a report is about."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis

from huisheng.errors import BadInputError
from huisheng.lake import Engine
from huisheng.metrics import Window

DATING = ("orders", "conversations", "messages", "refunds", "reviews", "session_ratings")
"""Tables whose rows say that the shop was open on a day."""

LONGEST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rows of a shop in a table and the local dates they cover; missing is not zero."""

    shop_id: str
    table: str
    rows: int
    first: str | None
    last: str | None


def coverage(engine: Engine) -> list[Coverage]:
    """Return the shops' rows of every table, with the dates they cover where it has dates."""
    result = []
    for name in sorted(engine.versions):
        rows = engine.table(name)
        dated = ibis.ifelse(rows.local_date == "none", ibis.null("string"), rows.local_date)
        counted = rows.group_by("shop_id").aggregate(
            rows=rows.count(), first=dated.min(), last=dated.max()
        )
        result += [
            Coverage(row["shop_id"], name, row["rows"], row["first"], row["last"])
            for row in engine.arrow(counted.order_by("shop_id")).to_pylist()
        ]
    return result


def data_span(engine: Engine) -> Window:
    """Return the first to the last day on which the shops did anything.

    Raises:
        BadInputError: nothing dated was imported yet.
    """
    covered = coverage(engine)
    days = [entry for entry in covered if entry.table in DATING and entry.first]
    if not days and any(entry.table in DATING for entry in covered):
        return _import_day(engine)
    if not days:
        raise BadInputError(
            "工作区", "还没有带日期的数据", "请先运行 huisheng import 导入订单或聊天记录"
        )
    first = min(entry.first for entry in days if entry.first)
    last = max(entry.last for entry in days if entry.last)
    return Window(date.fromisoformat(first), date.fromisoformat(last), engine.offset_us)


def _import_day(engine: Engine) -> Window:
    """Return the day of the first import: what a chat log without times is reported under."""
    first = engine.table("import_batches").aggregate(at=ibis._["at"].min())
    at = int(engine.arrow(first)["at"][0].as_py() or 0)
    day = date(1970, 1, 1) + timedelta(microseconds=at + engine.offset_us)
    return Window(day, day, engine.offset_us)


def default_period(span: Window) -> Window:
    """Return the last half of the data, at most thirty days (conventions 2)."""
    days = min(LONGEST_DAYS, max(1, span.days // 2))
    return Window(span.end - timedelta(days=days - 1), span.end, span.offset_us)
