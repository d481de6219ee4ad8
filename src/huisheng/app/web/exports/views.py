"""Take a table along; what is about many customers needs somebody else's approval."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.exports import handing
from huisheng.app.web.exports.forms import AnswerForm, AskForm
from huisheng.app.web.exports.handing import MOST_CUSTOMERS, ReasonNeededError
from huisheng.app.web.exports.models import ExportRequest, ExportState
from huisheng.errors import BadInputError, NotAllowedError

SHOWN = 100


@require_GET
def listing(request: Request) -> HttpResponseBase:
    """Show one's own requests, and those one may decide on."""
    request.access.need(Right.EXPORT)
    own = ExportRequest.objects.filter(asked_by=request.user).exclude(state=ExportState.GIVEN)
    context = {
        "own": own.select_related("decided_by")[:SHOWN],
        "to_decide": handing.to_decide(request)[:SHOWN],
        "most": MOST_CUSTOMERS,
    }
    return render(request, "exports/listing.html.j2", context)


@require_POST
def ask(request: Request) -> HttpResponseBase:
    """Give the file at once, or ask for approval where it is about many customers."""
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        made, taken = handing.ask(
            request, given["source"], given["query"], given["format"], given["reason"]
        )
    except BadInputError as error:
        return _problem(request, str(error))
    except ReasonNeededError as error:
        context = {
            "taken": error.taken, "earlier": error.earlier, "given": given, "most": MOST_CUSTOMERS,
        }  # fmt: skip
        return render(request, "exports/ask.html.j2", context)
    return handing.hand_out(request, made, taken) if made.is_open else redirect("exports")


@require_POST
def decide(request: Request, request_id: int) -> HttpResponseBase:
    """Approve or refuse somebody else's request; the first decision stands."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    allow = form.cleaned_data["allow"] == "1"
    try:
        handing.decide(request, request_id, allow=allow, answer=form.cleaned_data["answer"])
    except NotAllowedError as error:
        return _problem(request, str(error))
    return redirect("exports")


@require_POST
def fetch(request: Request, request_id: int) -> HttpResponseBase:
    """Hand an approved file to the person who asked."""
    try:
        return handing.fetch(request, request_id)
    except (BadInputError, NotAllowedError) as error:
        return _problem(request, str(error))


def _problem(request: Request, problem: str) -> HttpResponseBase:
    return render(request, "exports/problem.html.j2", {"problem": problem}, status=400)
