"""What came in, what is missing, what was set aside."""

from dataclasses import asdict
from datetime import date, timedelta

import pyarrow.compute as pc
from django.http import Http404
from django.utils import timezone
from ninja import Query, Router, Status

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import stretch
from huisheng.app.web.api.routes.jobs import shown_job
from huisheng.app.web.api.schemas import data as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, Page, Paged, instant, pages_of
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.blanks import all_blanks
from huisheng.app.web.data.coverage import DAYS, counts_by_day, last_day
from huisheng.app.web.data.history import imports
from huisheng.app.web.data.missing import missing_exports
from huisheng.app.web.data.rejected import rejected_file, rejected_files, rejected_rows, shown_rows
from huisheng.app.web.data.shops import Shop, shops_of
from huisheng.app.web.data.undo import foreseen, lines_of, take_back
from huisheng.errors import NotAllowedError
from huisheng.records import all_tables

router = Router(tags=["数据"])


@router.get("/shops", response=list[shapes.DataShop], summary="可以导入数据的店铺")
def shops(request: Request) -> list[dict[str, str]]:
    """List the shops with facts that files may be handed over for."""
    request.access.need(Right.IMPORT_DATA)
    found = shops_of(request.access)
    return [{"shop_id": shop.id, "name": shop.name, "platform": shop.platform} for shop in found]


@router.get("/coverage", response=shapes.Coverage, summary="哪些天有数据：缺不等于零")
def coverage(request: Request, asked: Query[shapes.CoverageAsked]) -> dict[str, object]:
    """Count rows per table and day."""
    shop, today = _shop(request, asked.shop_id), timezone.localdate()
    if asked.end is not None:
        stretch(asked.end, 1)
    end = min(asked.end, today) if asked.end else last_day(shop, today)
    counts = counts_by_day(shop.id, end)
    tables = [
        {
            "table": name,
            "label": all_tables()[name].label,
            "days": {day.isoformat(): rows for day, rows in sorted(days.items())},
        }
        for name, days in counts.items()
    ]
    start: date = end - timedelta(days=DAYS - 1)
    return {"shop_id": shop.id, "start": start, "end": end, "tables": tables}


@router.get("/missing", response=list[shapes.MissingShown], summary="缺什么数据，去哪里导出")
def missing(request: Request, asked: Query[shapes.OfShop]) -> list[dict[str, object]]:
    """List every export with what it lacks, the incomplete first."""
    shop = _shop(request, asked.shop_id)
    return [
        {
            "id": each.export.id,
            "label": each.export.label,
            "tables": list(each.export.tables),
            "why": each.export.why,
            "where": each.where,
            "problem": each.problem,
            "known": each.known,
        }
        for each in missing_exports(shop)
    ]


@router.get("/imports", response=Page[shapes.ImportShown], summary="导入过的文件，新的在前")
def history(request: Request, asked: Query[shapes.ImportsAsked]) -> dict[str, object]:
    """List the imports."""
    request.access.need(Right.IMPORT_DATA)
    wanted = shops_of(request.access)
    if asked.shop_id:
        wanted = [_shop(request, asked.shop_id)]
    found = imports(wanted, asked.page)
    rows = [
        {
            "at": instant(batch.at),
            "file": batch.file,
            "shop": batch.shop,
            "recognised": batch.recognised,
            "encoding": batch.encoding,
            "counts": batch.counts,
            "rows_bad": batch.rows_bad,
            "mark": batch.mark,
            "undo": batch.undo,
        }
        for batch in found.rows
    ]
    return {"rows": rows, "page": asked.page, "pages": found.last, "total": found.total}


@router.get("/imports/{mark}/undo", response=shapes.UndoShown, summary="撤销一次导入会改变什么")
def undo_foreseen(request: Request, mark: str) -> dict[str, object]:
    """Tell what taking an import back would change."""
    seen = foreseen(request.access, mark)
    return {
        "imports": [{"id": each.mark, "name": each.file} for each in seen.chosen],
        "tables": [asdict(line) for line in lines_of(seen.plan)],
        "problem": seen.problem,
    }


@router.post(
    "/imports/{mark}/undo",
    response={202: shapes.JobShown},
    summary="撤销导入，要给出看到的全部编号",
)
def undo(request: Request, mark: str, given: shapes.UndoAsked) -> Status[dict[str, object]]:
    """Make the job that takes an import back, once."""
    seen = foreseen(request.access, mark)
    if seen.plan is None:
        raise NotAllowedError(f"撤销导入：{seen.problem}")
    return Status(202, shown_job(take_back(request, seen.plan, given.imports, given.analyze)))


@router.get("/quarantine", response=Page[shapes.SetAsideFile], summary="有行被隔离的文件")
def quarantine(request: Request, asked: Query[Paged]) -> dict[str, object]:
    """List the files with rows that are still set aside."""
    request.access.need(Right.IMPORT_DATA)
    found = rejected_files(request.access)
    first = (asked.page - 1) * A_PAGE
    rows = [
        {
            "mark": file.mark,
            "file": file.file,
            "recognised": file.recognised,
            "shops": list(file.shops),
            "at": instant(file.at),
            "rows": file.rows,
        }
        for file in found[first : first + A_PAGE]
    ]
    return {
        "rows": rows,
        "page": asked.page,
        "pages": pages_of(len(found)),
        "total": len(found),
    }


@router.get("/quarantine/{mark}", response=Page[shapes.SetAsideRow], summary="一个文件被隔离的行")
def set_aside(request: Request, mark: str, asked: Query[shapes.SetAsideAsked]) -> dict[str, object]:
    """List the rows of one file that were set aside, and why."""
    file = rejected_file(request.access, mark)
    rows = rejected_rows(file)
    if asked.reason:
        rows = rows.filter(pc.equal(rows["reason"], asked.reason))
    shown = shown_rows(rows.slice((asked.page - 1) * A_PAGE, A_PAGE))
    note(request, Act.LOOKED, f"隔离行 {file.file} 第 {asked.page} 页", file.shops[0])
    return {
        "rows": [asdict(row) for row in shown],
        "page": asked.page,
        "pages": pages_of(rows.num_rows),
        "total": rows.num_rows,
    }


@router.get("/tables", response=list[shapes.TableShown], summary="标准表和列：没有导出的按它填")
def tables(request: Request) -> list[dict[str, object]]:
    """List the canonical tables that files may fill."""
    request.access.need(Right.IMPORT_DATA)
    return [
        {
            "table": blank.table,
            "label": blank.label,
            "fields": [asdict(field) for field in blank.fields],
        }
        for blank in all_blanks()
    ]


def _shop(request: Request, shop_id: str) -> Shop:
    """Return a shop that files may be handed over for.

    Raises:
        Http404: there is none of that id.
    """
    request.access.need(Right.IMPORT_DATA)
    for shop in shops_of(request.access):
        if shop.id == shop_id:
            return shop
    raise Http404
