"""The stuck points: where, how sure, whose, in whose words, and what was decided."""

from collections import Counter

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.report import Document
from huisheng.app.report.labels import Labels
from huisheng.app.report.points import stuck_points
from huisheng.app.report.sections import finding_view, point_view
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.findings.forms import DecisionForm
from huisheng.app.web.findings.models import Decision, State
from huisheng.app.web.findings.states import OvertakenError, decide, states_of
from huisheng.app.web.seen import findings_for

OVERTAKEN = "别人刚刚改过，没有覆盖。请看最新记录后再定。"


@require_GET
def listing(request: Request) -> HttpResponseBase:
    """List the stuck points, the costliest first, by department and state."""
    request.access.need(Right.SEE_FINDINGS)
    document = library.document()
    if document is None:
        return render(request, "overview/empty.html.j2")
    found = findings_for(document, request.access, request.GET.get("shop", ""))
    labels = Labels(document)
    points = [point_view(point, document, labels) for point in stuck_points(found)]
    states = states_of([point.first.id for point in points])
    department, state = request.GET.get("department", ""), request.GET.get("state", "")
    shown = [
        point
        for point in points
        if department in ("", point.first.department)
        and state in ("", states[point.first.id].state)
    ]
    context = {
        "points": shown,
        "states": states,
        "departments": Counter(point.first.department for point in points).most_common(),
        "all_states": list(State),
        "department": department,
        "state": state,
        "total": len(points),
    }
    return render(request, "findings/listing.html.j2", context)


@require_GET
def finding(request: Request, finding_id: str) -> HttpResponseBase:
    """Show one finding with its evidence, its history and what can be decided."""
    document, entry = _found(request, finding_id)
    return _page(request, document, entry["id"], DecisionForm(), "")


@require_POST
def decide_on(request: Request, finding_id: str) -> HttpResponseBase:
    """Record a decision; a page overtaken by somebody else's changes nothing and says so."""
    document, entry = _found(request, finding_id)
    request.access.need(Right.JUDGE_FINDINGS, entry["shop_id"])
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, document, finding_id, form, "")
    given = form.cleaned_data
    try:
        decide(
            finding_id,
            entry["shop_id"],
            State(given["state"]),
            by=request.user,
            seen_version=given["version"],
            assignee=given["assignee"],
            reason=given["reason"],
        )
    except OvertakenError:
        return _page(
            request, document, finding_id, form, "别人刚刚改过，没有覆盖。请看最新记录后再定。"
        )
    note(
        request, Act.CHANGED, f"卡点 {finding_id}：{State(given['state']).label}", entry["shop_id"]
    )
    return redirect("finding", finding_id)


def _found(request: Request, finding_id: str) -> tuple[Document, dict[str, str]]:
    document = library.document()
    if document is not None:
        for entry in findings_for(document, request.access):
            if entry["id"] == finding_id:
                return document, {"id": entry["id"], "shop_id": entry["shop_id"]}
    raise Http404


def _page(
    request: Request, document: Document, finding_id: str, form: DecisionForm, problem: str
) -> HttpResponseBase:
    entry = next(entry for entry in document["findings"] if entry["id"] == finding_id)
    labels = Labels(document)
    context = {
        "finding": finding_view(entry, document, labels),
        "shop": labels.shop(entry["shop_id"]),
        "where": labels.where(entry),
        "shop_id": entry["shop_id"],
        "quotes": entry["evidence"],
        "may_read": request.access.may(Right.SEE_CONVERSATIONS, entry["shop_id"]),
        "state": states_of([finding_id])[finding_id],
        "history": Decision.objects.filter(finding_id=finding_id).select_related("user"),
        "may_judge": request.access.may(Right.JUDGE_FINDINGS, entry["shop_id"]),
        "people": User.objects.filter(is_active=True),
        "form": form,
        "problem": problem,
    }
    return render(request, "findings/finding.html.j2", context)
