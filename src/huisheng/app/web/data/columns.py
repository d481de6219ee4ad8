"""Say what the columns of an unknown file mean, looking at its first rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.blanks import MADE_HERE
from huisheng.app.web.data.progress import job_of, repeat_import
from huisheng.app.web.jobs.models import Job, Kind
from huisheng.app.web.jobs.uploads import paths_of
from huisheng.errors import BadInputError
from huisheng.intake import Preview, keep_mapping, preview
from huisheng.records import all_tables

LEFT_OUT = "-"
"""The choice of a column that is not imported; the empty choice keeps it beside the others."""

MOST_TABLES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One column of the file: its place, its first cells, and what it is taken for."""

    number: int
    name: str
    cells: tuple[str, ...]
    meanings: tuple[str, ...]
    personal: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a column may mean within one table: (value, label, whether rows need it)."""

    label: str
    fields: tuple[tuple[str, str, bool], ...]


@require_http_methods(["GET", "POST"])
def editor(request: Request, job_id: int) -> HttpResponseBase:
    """Show the mapping of a file as a form; save it and import the file again."""
    job = job_of(request.access, job_id)
    file = request.GET.get("file", "")
    try:
        seen = preview(library.workspace(), _paths(job), file, shop_of(job))
    except BadInputError as exc:
        return _page(request, job, None, file, str(exc))
    if seen is None:
        return _page(request, job, None, file, "这个文件不用列映射就能读，请直接再导入一次。")
    if request.method == "GET":
        return _page(request, job, seen, file, "")
    try:
        content = content_of(request.POST, seen)
        kept = keep_mapping(library.workspace(), shop_of(job), seen.header, content)
    except BadInputError as exc:
        return _page(request, job, seen, file, str(exc))
    made = repeat_import(request, job)
    note(request, Act.CHANGED, f"列映射 {kept}，任务 {made.pk} 按它导入 {file}", made.shop_id)
    return redirect("data-job", made.pk)


def content_of(given: QueryDict, seen: Preview) -> dict[str, object]:
    """Return the mapping that a form describes, the main table first.

    Of several columns with one meaning the first with a value wins: those of the mapping that was
    shown come first, in its order.

    Raises:
        BadInputError: it names a table that files do not fill.
    """
    tables: dict[str, dict[str, list[str]]] = {name: {} for name in given.getlist("table") if name}
    ignored: list[str] = []
    for number, header in enumerate(seen.header):
        for meaning in dict.fromkeys(given.getlist(f"column-{number}")):
            table, _, column = meaning.partition(".")
            if meaning == LEFT_OUT:
                ignored.append(header)
            elif column:
                tables.setdefault(table, {}).setdefault(column, []).append(header)
    for table, columns in tables.items():
        if table in MADE_HERE:
            raise BadInputError("列映射", f"表 {table} 由系统填写", "请选别的表")
        for column, headers in columns.items():
            before = seen.tables.get(table, {}).get(column, ())
            headers.sort(key=lambda name, before=before: _rank(name, before))  # type: ignore[misc]
    return {"tables": {table: columns for table, columns in tables.items() if columns},
            "ignored": ignored}  # fmt: skip


def shop_of(job: Job) -> str | None:
    """Return the shop whose files a mapping made here is for, None for those of every shop.

    A job that names no shop is seen by people of all shops alone.
    """
    return str(job.payload["shop_id"]) or None


def _rank(name: str, before: Sequence[str]) -> int:
    return before.index(name) if name in before else len(before)


def _paths(job: Job) -> list[Path]:
    if job.kind != Kind.IMPORT or job.is_open:
        raise Http404
    paths = paths_of(str(job.payload["upload"]))
    if not paths:
        raise BadInputError("上传的文件", "已经不在工作区，放了几天的会自动删除", "请重新上传")
    return paths


def _page(
    request: Request, job: Job, seen: Preview | None, file: str, problem: str
) -> HttpResponseBase:
    chosen = _tables(request, seen) if seen else []
    context = {
        "job": job,
        "file": file,
        "problem": problem,
        "seen": seen,
        "lines": _lines(request, seen, chosen) if seen else [],
        "choices": [_choices(name) for name in chosen],
        "tables": [(n, t.label) for n, t in all_tables().items() if n not in MADE_HERE],
        "chosen": [*chosen, *[""] * (MOST_TABLES - len(chosen))][:MOST_TABLES],
        "left_out": LEFT_OUT,
        "shop_id": shop_of(job),
    }
    return render(request, "data/columns.html.j2", context)


def _tables(request: Request, seen: Preview) -> list[str]:
    asked = request.POST.getlist("table") or request.GET.getlist("table") or list(seen.tables)
    known = [name for name in asked if name in all_tables() and name not in MADE_HERE]
    return list(dict.fromkeys(known))[:MOST_TABLES]


def _lines(request: Request, seen: Preview, chosen: Sequence[str]) -> list[Line]:
    return [
        Line(
            number,
            name,
            tuple(row[number] or "" for row in seen.rows),
            tuple(_given(request, seen, number, name, chosen)) or ("",),
            name in seen.personal,
        )
        for number, name in enumerate(seen.header)
    ]


def _given(
    request: Request, seen: Preview, number: int, name: str, chosen: Sequence[str]
) -> list[str]:
    """Return what a column is taken for: what was just sent, else what is saved or proposed."""
    if request.method == "POST":
        return [each for each in request.POST.getlist(f"column-{number}") if each]
    if name in seen.ignored:
        return [LEFT_OUT]
    return [
        f"{table}.{column}"
        for table in chosen
        for column, names in seen.tables.get(table, {}).items()
        if name in names
    ]


def _choices(name: str) -> Choices:
    table = all_tables()[name]
    fields = tuple(
        (f"{name}.{column.name}", column.means, column.name in table.key)
        for column in table.columns
        if column.name not in table.derived
    )
    return Choices(table.label, fields)
