"""Take an import back from the history: first what that means, then a job."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.jobs.models import EVERY_SHOP, OPEN, Job, Kind
from huisheng.app.web.jobs.queue import enqueue
from huisheng.app.web.jobs.undoing import order_of
from huisheng.errors import NotAllowedError
from huisheng.intake import undoing
from huisheng.records import all_tables

FROM_SETTINGS = re.compile(r"（设置[^）]*）\.csv$")
"""Names of the sheets in which settings land: what is set is changed there, not here."""

CHANGED = "刚才又有新的导入：没有撤销。请看过现在的情况再定。"


@dataclass(frozen=True, slots=True)
class Line:
    """What happens to one table."""

    label: str
    vanishing: int
    reverting: int
    labels: int
    judged: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What taking an import back means.

    Attributes:
        asked: the import that an address names.
        chosen: it and those that must go with it, the earliest first.
        plan: what would change, None where nothing can be done.
        problem: why not, empty where it can.
    """

    asked: undoing.Import
    chosen: list[undoing.Import]
    plan: undoing.Undoing | None
    problem: str


def may_be_offered(file: str) -> bool:
    """Return whether an import of this file is taken back here at all."""
    return FROM_SETTINGS.search(file) is None


@require_http_methods(["GET", "POST"])
def page(request: Request, mark: str) -> HttpResponseBase:
    """Tell what taking an import back would change; make the job once that is confirmed."""
    seen = foreseen(request.access, mark)
    problem = seen.problem
    if request.method == "POST" and seen.plan is not None:
        try:
            confirmed, analyze = request.POST.getlist("import"), bool(request.POST.get("analyze"))
            return redirect("data-job", take_back(request, seen.plan, confirmed, analyze).pk)
        except NotAllowedError as exc:
            problem = str(exc)
    return _page(request, seen, problem)


def foreseen(access: Access, mark: str) -> Foreseen:
    """Return what taking an import back would change.

    Raises:
        PermissionDenied: the person may import nothing.
        Http404: there is none that they may take back, or it was taken back already.
    """
    access.need(Right.IMPORT_DATA)
    workspace = library.workspace()
    imports = undoing.undoable(workspace)
    asked = _asked(access, imports, mark)
    chosen = undoing.together(imports, asked.file_hash)
    problem = _refusal(access, asked, chosen)
    if problem:
        return Foreseen(asked, chosen, None, problem)
    try:
        return Foreseen(asked, chosen, undoing.plan_undo(workspace, chosen), "")
    except NotAllowedError as exc:
        return Foreseen(asked, chosen, None, str(exc))


def take_back(
    request: Request, plan: undoing.Undoing, confirmed: Iterable[str], analyze: bool
) -> Job:
    """Make the job of an undo, once; `confirmed` names the imports that somebody saw.

    Raises:
        NotAllowedError: they saw others.
    """
    if sorted(confirmed) != sorted(each.mark for each in plan.imports):
        raise NotAllowedError(CHANGED)
    return _job(request, plan, analyze=analyze)


def lines_of(plan: undoing.Undoing | None) -> list[Line]:
    """Return what a plan changes, table by table."""
    return [
        Line(
            all_tables()[each.table].label,
            each.vanishing,
            each.reverting,
            each.labels,
            each.judged,
        )
        for each in (plan.tables if plan else ())
    ]


def _asked(access: Access, imports: list[undoing.Import], mark: str) -> undoing.Import:
    """Return the import that an address names, if the person may import for all of its shops.

    Raises:
        Http404: there is none, or it was taken back already.
    """
    for each in imports:
        if each.mark == mark and _may(access, each):
            return each
    raise Http404


def _may(access: Access, each: undoing.Import) -> bool:
    return all(access.may(Right.IMPORT_DATA, shop_id) for shop_id in each.shops)


def _refusal(access: Access, asked: undoing.Import, chosen: list[undoing.Import]) -> str:
    if not may_be_offered(asked.file):
        return "这是在「设置」里改的，请到设置里改回去。"
    for each in chosen:
        if not may_be_offered(each.file):
            return f"之后在「设置」里改过同样的数据（{each.file}），所以不能再撤销这个文件。"
        if not _may(access, each):
            return "之后导入的文件里有您不负责的店铺的数据，请店主来撤销。"
    return ""


def _job(request: Request, plan: undoing.Undoing, *, analyze: bool) -> Job:
    """Return the job of an undo: the one that waits already, or a new one."""
    order = order_of(plan, analyze=analyze)
    for waiting in Job.objects.filter(kind=Kind.UNDO, state__in=OPEN):
        if waiting.payload["imports"] == order["imports"]:
            return waiting
    shops = sorted(set().union(*(each.shops for each in plan.imports)))
    shop_id = shops[0] if len(shops) == 1 else EVERY_SHOP
    job = enqueue(Kind.UNDO, order, shop_id=shop_id, by=request.user)
    names = "、".join(each.file for each in plan.imports)
    for shop in shops:
        note(request, Act.CHANGED, f"撤销导入（任务 {job.pk}）：{names}", shop)
    return job


def _page(request: Request, seen: Foreseen, problem: str) -> HttpResponseBase:
    tables = lines_of(seen.plan)
    context = {
        "asked": seen.asked,
        "imports": list(reversed(seen.chosen)),
        "others": len(seen.chosen) - 1,
        "plan": seen.plan,
        "tables": tables,
        "judged": sum(line.judged for line in tables),
        "problem": problem,
        "shop_names": library.names()["shops"],
    }
    return render(request, "data/undo.html.j2", context)
