"""The stuck points: where, how sure, whose, in whose words, and what was decided."""

from collections import Counter

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.report import Document
from huisheng.app.report.document import FindingEntry
from huisheng.app.report.labels import Labels
from huisheng.app.report.part_charts import pareto, treemap
from huisheng.app.report.points import stuck_points
from huisheng.app.report.sections import finding_view, point_view
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.findings.assigning import assignable
from huisheng.app.web.findings.forms import DecisionForm
from huisheng.app.web.findings.models import State
from huisheng.app.web.findings.over_time import history_of, numbers_of, past_of
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
    found_points = stuck_points(found)
    points = [point_view(point, document, labels) for point in found_points]
    states = states_of([point.first.id for point in points])
    department, state = request.GET.get("department", ""), request.GET.get("state", "")
    shown = [
        point
        for point in points
        if department in ("", point.first.department)
        and state in ("", states[point.first.id].state)
    ]
    context = {
        "may_export": request.access.may(Right.EXPORT),
        "pareto": pareto(found_points),
        "tiles": treemap(found_points, document["names"]["departments"]),
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
    document, entry = finding_of(request.access, finding_id)
    return _page(request, document, entry, DecisionForm(_people(entry)), "")


@require_POST
def decide_on(request: Request, finding_id: str) -> HttpResponseBase:
    """Record a decision; a page overtaken by somebody else's changes nothing and says so."""
    document, entry = finding_of(request.access, finding_id)
    request.access.need(Right.JUDGE_FINDINGS, entry["shop_id"])
    form = DecisionForm(_people(entry), request.POST)
    if not form.is_valid():
        return _page(request, document, entry, form, "")
    given = form.cleaned_data
    try:
        take_decision(
            request,
            entry,
            State(given["state"]),
            seen_version=given["version"],
            assignee=given["assignee"],
            reason=given["reason"],
        )
    except OvertakenError:
        return _page(request, document, entry, form, OVERTAKEN)
    return redirect("finding", finding_id)


def take_decision(
    request: Request,
    entry: FindingEntry,
    state: State,
    *,
    seen_version: int,
    assignee: User | None,
    reason: str,
) -> None:
    """Record what somebody who may judge a finding decides, and write it into the audit.

    Raises:
        PermissionDenied: they may not.
        OvertakenError: another decision came first; nothing is changed.
    """
    request.access.need(Right.JUDGE_FINDINGS, entry["shop_id"])
    decide(
        entry["id"],
        entry["shop_id"],
        state,
        by=request.user,
        seen_version=seen_version,
        assignee=assignee,
        reason=reason,
        numbers=numbers_of(entry, library.document()),
    )
    note(request, Act.CHANGED, f"卡点「{entry['title']}」：{state.label}", entry["shop_id"])


def finding_of(access: Access, finding_id: str) -> tuple[Document, FindingEntry]:
    """Return the current run and one of its findings.

    Raises:
        Http404: there is none that this person may see.
    """
    document = library.document()
    if document is not None:
        for entry in findings_for(document, access):
            if entry["id"] == finding_id:
                return document, entry
    raise Http404


def _people(entry: FindingEntry) -> QuerySet[User]:
    return assignable(entry["shop_id"], entry["department"])


def _page(
    request: Request, document: Document, entry: FindingEntry, form: DecisionForm, problem: str
) -> HttpResponseBase:
    finding_id = entry["id"]
    labels = Labels(document)
    context = {
        "finding": finding_view(entry, document, labels),
        "shop": labels.shop(entry["shop_id"]),
        "where": labels.where(entry),
        "shop_id": entry["shop_id"],
        "quotes": entry["evidence"],
        "may_read": request.access.may(Right.SEE_CONVERSATIONS, entry["shop_id"]),
        "state": states_of([finding_id])[finding_id],
        "history": history_of(entry, labels),
        "past": past_of(finding_id, entry, labels),
        "may_judge": request.access.may(Right.JUDGE_FINDINGS, entry["shop_id"]),
        "people": _people(entry),
        "form": form,
        "problem": problem,
    }
    return render(request, "findings/finding.html.j2", context)
