"""Take a table along; what is about many customers needs somebody else's approval."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.exports.forms import AnswerForm, AskForm
from huisheng.app.web.exports.models import ExportRequest, State
from huisheng.app.web.exports.sources import Taken, take
from huisheng.app.web.exports.writing import file_answer
from huisheng.errors import BadInputError

MOST_CUSTOMERS = 200
"""More customers than this need a second person (domain §6.3)."""
SHOWN = 100


@require_GET
def listing(request: Request) -> HttpResponseBase:
    """Show one's own requests, and those one may decide on."""
    request.access.need(Right.EXPORT)
    own = ExportRequest.objects.filter(asked_by=request.user)[:SHOWN]
    open_ones = ExportRequest.objects.filter(state=State.ASKED).exclude(asked_by=request.user)
    to_decide = [one for one in open_ones if _may_decide(request, one)]
    context = {"own": own, "to_decide": to_decide, "most": MOST_CUSTOMERS}
    return render(request, "exports/listing.html.j2", context)


@require_POST
def ask(request: Request) -> HttpResponseBase:
    """Give the file at once, or ask for approval where it is about many customers."""
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        taken = take(given["source"], request.access, QueryDict(given["query"]))
    except BadInputError as error:
        return _problem(request, str(error))
    if taken.customers <= MOST_CUSTOMERS:
        return _hand_out(request, taken, given["format"])[0]
    if not given["reason"].strip():
        context = {"taken": taken, "given": given, "most": MOST_CUSTOMERS}
        return render(request, "exports/ask.html.j2", context)
    ExportRequest.objects.create(
        source=given["source"], query=given["query"], format=given["format"], title=taken.title,
        shops=list(taken.shops), rows=len(taken.sheet.rows), customers=taken.customers,
        reason=given["reason"].strip(), asked_by=request.user,
    )  # fmt: skip
    note(request, Act.CHANGED, f"申请导出「{taken.title}」，{taken.customers} 位顾客", _shop(taken))
    return redirect("exports")


@require_POST
def decide(request: Request, request_id: int) -> HttpResponseBase:
    """Approve or refuse somebody else's request; the first decision stands."""
    asked = get_object_or_404(ExportRequest, pk=request_id)
    if not _may_decide(request, asked):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    state = State.APPROVED if form.cleaned_data["allow"] == "1" else State.REFUSED
    changed = ExportRequest.objects.filter(pk=request_id, state=State.ASKED).update(
        state=state,
        decided_by=request.user,
        decided_at=timezone.now(),
        answer=form.cleaned_data["answer"],
    )
    if not changed:
        return _problem(request, "别人刚刚已经处理过这条申请，没有覆盖。")
    note(request, Act.CHANGED, f"{state.label}导出申请 {request_id}「{asked.title}」")
    return redirect("exports")


@require_POST
def fetch(request: Request, request_id: int) -> HttpResponseBase:
    """Hand an approved file to the person who asked, made anew from today's data."""
    asked = get_object_or_404(ExportRequest, pk=request_id, asked_by=request.user)
    if asked.state != State.APPROVED or asked.has_lapsed:
        return _problem(request, "这条申请没有批准，或批准已经超过 7 天，请重新申请。")
    try:
        taken = take(asked.source, request.access, QueryDict(asked.query))
    except BadInputError as error:
        return _problem(request, str(error))
    if taken.customers > asked.customers * 1.1 + 10:
        return _problem(
            request,
            f"数据变多了：批准的是 {asked.customers} 位顾客，"
            f"现在有 {taken.customers} 位，请重新申请。",
        )
    answer, digest = _hand_out(request, taken, asked.format)
    asked.file_hash, asked.taken_at = digest, timezone.now()
    asked.save(update_fields=["file_hash", "taken_at"])
    return answer


def _hand_out(request: Request, taken: Taken, format_: str) -> tuple[HttpResponse, str]:
    answer, digest = file_answer(taken.title, taken.sheet, format_)
    rows, customers = len(taken.sheet.rows), taken.customers
    about = f"导出「{taken.title}」{rows} 行、{customers} 位顾客，{format_}，SHA-256 {digest}"
    note(request, Act.EXPORTED, about, _shop(taken))
    return answer, digest


def _may_decide(request: Request, asked: ExportRequest) -> bool:
    shops = asked.shops or [None]
    may = all(request.access.may(Right.APPROVE_EXPORTS, shop_id) for shop_id in shops)
    return may and asked.asked_by_id != request.user.pk


def _shop(taken: Taken) -> str:
    return taken.shops[0] if len(taken.shops) == 1 else ""


def _problem(request: Request, problem: str) -> HttpResponseBase:
    return render(request, "exports/problem.html.j2", {"problem": problem}, status=400)
