"""Every file that was ever imported."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.data.paging import Page, page_number
from huisheng.app.web.data.rejected import MARK_LENGTH, UNKNOWN
from huisheng.app.web.data.shops import Shop, shops_of
from huisheng.app.web.data.undo import may_be_offered
from huisheng.intake import open_rows, undoing
from huisheng.records import all_tables


@dataclass(frozen=True, slots=True)
class Batch:
    """One file of one shop.

    `mark` is the id of its rejected rows, empty where none are open; `undo` names its change,
    empty where it cannot be taken back here.
    """

    at: int
    file: str
    shop: str
    recognised: str
    encoding: str
    counts: str
    rows_bad: int
    mark: str
    undo: str


@require_GET
def page(request: Request) -> HttpResponseBase:
    """List the imports, the latest first."""
    request.access.need(Right.IMPORT_DATA)
    shops = shops_of(request.access)
    wanted = [shop for shop in shops if shop.id == request.GET.get("shop")] or shops
    found = imports(wanted, page_number(request))
    context = {
        "page": found,
        "shops": shops,
        "shop_id": wanted[0].id if len(wanted) == 1 and len(shops) > 1 else "",
    }
    return render(request, "data/history.html.j2", context)


def imports(shops: list[Shop], number: int) -> Page[Batch]:
    """Return one page of the imports of some shops."""
    names = {shop.id: shop.name for shop in shops}
    marks = open_rows(library.workspace())
    with library.facts() as facts:
        rows = facts.table("import_batches")
        rows = rows.filter(rows.shop_id.isin(list(names)))
        total = int(facts.engine.arrow(rows.aggregate(n=rows.count()))["n"][0].as_py())
        latest = rows.order_by([rows["at"].desc(), rows.file, rows.batch_id])
        shown = facts.engine.arrow(latest.limit(Page.SIZE, offset=Page.SIZE * (number - 1)))
    batches = [_batch(row, names, marks) for row in shown.to_pylist()]
    return Page(batches, number, total)


def _batch(
    row: dict[str, object], names: dict[str, str], marks: Mapping[str, frozenset[str]]
) -> Batch:
    mark = str(row["file_hash"])[:MARK_LENGTH]
    counts = json.loads(str(row["counts"] or "{}"))
    rows_bad = int(str(row["rows_bad"] or 0))
    return Batch(
        at=int(str(row["at"])),
        file=str(row["file"]),
        shop=names[str(row["shop_id"])],
        recognised=str(row["connector"]),
        encoding=str(row["encoding"] or "—"),
        counts="、".join(f"{all_tables()[name].label} {n:,}" for name, n in counts.items()),
        rows_bad=rows_bad,
        mark=mark if rows_bad and {row["shop_id"], UNKNOWN} & marks.get(mark, frozenset()) else "",
        undo=_undo(row),
    )


def _undo(row: dict[str, object]) -> str:
    if not row["written"] or not may_be_offered(str(row["file"])):
        return ""
    return undoing.import_of(str(row["file_hash"]), "", (), str(row["written"])).mark
