"""Rows that were set aside: what is wrong with each, and a way to hand in the corrected file."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.handover import enqueue_import, receive
from huisheng.app.web.data.paging import Page, page_number
from huisheng.app.web.data.receiving import WHOLE, Receiver, safe_path
from huisheng.app.web.defused import csv_answer
from huisheng.intake import open_rows, read_quarantine

MARK_LENGTH = 16
"""Rejected rows are kept under the first characters of their file's digest."""

UNKNOWN = ""
"""The shop of rows of which nobody can say whose they are."""

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file with rows that are still set aside, as far as one person may see it.

    `owners` are the shops whose rows those are, `shops` those to name beside them: the same, or
    all of the file's where nobody can say whose they are.
    """

    mark: str
    file: str
    recognised: str
    shops: tuple[str, ...]
    owners: tuple[str, ...]
    at: int

    @property
    def only_shop(self) -> str:
        """Return its shop, empty where it has several and its rows name them."""
        return self.shops[0] if len(self.shops) == 1 else ""

    @property
    def rows(self) -> int:
        """Return how many of its rows are open, counted anew."""
        return int(rejected_rows(self).num_rows)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row; `value` is the cell at fault where one is, `cells` the whole row, masked."""

    sheet: str
    row: int
    column: str
    value: str | None
    reason: str
    cells: dict[str, str]


def rejected_files(access: Access) -> list[RejectedFile]:
    """Return the files with open rows of a person's shops, the latest first.

    Rows of which nobody can say whose they are need somebody who is allowed in all shops of
    their file.
    """
    open_ = open_rows(library.workspace())
    with library.facts() as facts:
        rows = facts.table("import_batches")
        rows = rows.filter(rows.file_hash.substr(0, MARK_LENGTH).isin(sorted(open_)))
        names = ("shop_id", "file", "file_hash", "connector", "at")
        batches = facts.engine.arrow(rows.select(*names)).to_pylist() if open_ else []
    by_mark: dict[str, dict[str, tuple[str, str, int]]] = {}
    for row in sorted(batches, key=lambda row: (row["at"], row["shop_id"])):
        shops = by_mark.setdefault(row["file_hash"][:MARK_LENGTH], {})
        shops[row["shop_id"]] = row["file"], row["connector"], row["at"]
    found = []
    for mark, shops in by_mark.items():
        owners = _owners(access, shops, open_[mark])
        shown = [shop for shop in shops if shop in owners or UNKNOWN in owners]
        if shown:
            # One content may have come for several shops, under a name of each one's own.
            file, recognised, at = shops[shown[-1]]
            found.append(RejectedFile(mark, file, recognised, tuple(shown), tuple(owners), at))
    return sorted(found, key=lambda file: -file.at)


def _owners(access: Access, shops: Collection[str], open_: Collection[str]) -> list[str]:
    """Return whose open rows of a file with rows of some shops a person may see."""
    own = access.shops_with(Right.IMPORT_DATA, sorted(shops))
    everything = [UNKNOWN] if len(own) == len(shops) else []
    return [shop for shop in [*own, *everything] if shop in open_]


@require_GET
def listing(request: Request) -> HttpResponseBase:
    """List the files with rows that are still set aside."""
    request.access.need(Right.IMPORT_DATA)
    files = rejected_files(request.access)
    number = page_number(request)
    shown = files[Page.SIZE * (number - 1) : Page.SIZE * number]
    context = {"page": Page(shown, number, len(files)), "shop_names": library.names()["shops"]}
    return render(request, "data/quarantine.html.j2", context)


def rejected_rows(file: RejectedFile) -> pa.Table:
    """Return the rows of a file that the person may see; see `read_quarantine`."""
    return read_quarantine(library.workspace(), file.mark, file.owners)


@require_GET
def page(request: Request, mark: str) -> HttpResponseBase:
    """Show the rejected rows of one file, by reason."""
    file = rejected_file(request.access, mark)
    number, reason = page_number(request), request.GET.get("reason", "")
    rows = rejected_rows(file)
    reasons = reasons_of(rows)
    if reason:
        rows = rows.filter(pc.equal(rows["reason"], reason))
    shown = rows.slice(Page.SIZE * (number - 1), Page.SIZE)
    note(request, Act.LOOKED, f"隔离行 {file.file} 第 {number} 页", file.shops[0])
    return _page(request, file, Page(shown_rows(shown), number, rows.num_rows), reasons, reason, [])


@require_GET
def download(request: Request, mark: str) -> HttpResponseBase:
    """Give the rejected rows of one file as CSV."""
    file = rejected_file(request.access, mark)
    rows = rejected_rows(file)
    note(request, Act.EXPORTED, f"下载隔离行 {file.file}，{rows.num_rows} 行", file.shops[0])
    return csv_answer(f"隔离行-{mark}.csv", _csv_rows(rows))


@csrf_exempt
@require_POST
def corrected(request: Request, mark: str) -> HttpResponseBase:
    """Take the corrected file, under the name of the one it replaces."""
    file = rejected_file(request.access, mark)

    def make(request: Request, upload: str, receiver: Receiver) -> HttpResponseBase:
        if not receiver.received or WHOLE not in request.POST:
            problems = receiver.refused or ["没有收到文件，请选择改好的文件再上传"]
            return _page(request, file, Page([], 1, 0), [], "", problems)
        job = enqueue_import(request, upload, file.only_shop, receiver, analyze=True)
        return redirect("data-job", job.pk)

    return receive(request, safe_path(file.file), make)


def rejected_file(access: Access, mark: str) -> RejectedFile:
    """Return a file with open rows that a person may see.

    Raises:
        Http404: there is none.
    """
    access.need(Right.IMPORT_DATA)
    for file in rejected_files(access):
        if file.mark == mark:
            return file
    raise Http404


def _page(
    request: Request,
    file: RejectedFile,
    rows: Page[RejectedRow],
    reasons: list[tuple[str, int]],
    reason: str,
    problems: list[str],
) -> HttpResponseBase:
    context = {
        "file": file,
        "page": rows,
        "reasons": reasons,
        "reason": reason,
        "problems": problems,
        "shop_names": library.names()["shops"],
        "back": reverse("data-quarantine"),
    }
    return render(request, "data/rejected.html.j2", context)


def reasons_of(rows: pa.Table) -> list[tuple[str, int]]:
    """Return why rows were set aside, and how many for each reason, most first."""
    counted = pc.value_counts(rows["reason"]).to_pylist()
    found = [(pair["values"], pair["counts"]) for pair in counted]
    return sorted(found, key=lambda pair: -pair[1])


def shown_rows(rows: pa.Table) -> list[RejectedRow]:
    """Return rejected rows as they are read."""
    return [_row(row) for row in rows.to_pylist()]


def _row(row: dict[str, str]) -> RejectedRow:
    cells = json.loads(row["cells"] or "{}")
    # A column is told as 文件里的列名（标准字段名）.
    header = (row["column"] or "").partition("（")[0]
    return RejectedRow(
        row["sheet"] or "",
        int(row["row"]),
        row["column"] or "",
        cells.get(header),
        row["reason"],
        cells,
    )


def _csv_rows(rows: pa.Table) -> Iterator[list[str]]:
    headers: dict[str, None] = {}
    for text in pc.unique(rows["cells"]).to_pylist():
        headers |= dict.fromkeys(json.loads(text or "{}"))
    yield ["工作表", "行", "列", "原因", *headers]
    for batch in rows.to_batches(ROWS_AT_ONCE):
        for row in shown_rows(pa.table(batch)):
            cells = [str(row.cells.get(name) or "") for name in headers]
            yield [row.sheet, str(row.row), row.column, row.reason, *cells]
