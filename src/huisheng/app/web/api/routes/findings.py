"""Stuck points: listed, shown, decided upon."""

from django.http import Http404
from ninja import Query, Router

from huisheng.app.report.document import FindingEntry
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import current_run
from huisheng.app.web.api.schemas import findings as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, Named, Page, pages_of
from huisheng.app.web.findings.assigning import assignable, assignable_by
from huisheng.app.web.findings.models import Decision, FindingState, State
from huisheng.app.web.findings.over_time import runs_of
from huisheng.app.web.findings.states import states_of
from huisheng.app.web.findings.views import finding_of, take_decision
from huisheng.app.web.seen import findings_for

router = Router(tags=["卡点"])
STATES = {"accept": State.ACCEPTED, "dispute": State.DISPUTED, "done": State.DONE}


@router.get("", response=Page[shapes.FindingShown], summary="列出卡点，最要紧的在前")
def listing(request: Request, asked: Query[shapes.FindingsAsked]) -> dict[str, object]:
    """List the findings, the best-ranked first."""
    request.access.need(Right.SEE_FINDINGS)
    found = [
        entry
        for entry in findings_for(current_run(), request.access, asked.shop_id)
        if asked.department in ("", entry["department"])
    ]
    states = states_of(entry["id"] for entry in found)
    found = [entry for entry in found if asked.state in ("", states[entry["id"]].state)]
    first = (asked.page - 1) * A_PAGE
    return {
        "rows": [_shown(entry, states[entry["id"]]) for entry in found[first : first + A_PAGE]],
        "page": asked.page,
        "pages": pages_of(len(found)),
        "total": len(found),
    }


@router.get("/assignees", response=list[Named], summary="可以指派的人")
def assignees(request: Request) -> list[dict[str, str]]:
    """List who a finding can be given to."""
    request.access.need(Right.JUDGE_FINDINGS)
    people = assignable_by(request.access)
    return [{"id": str(person.pk), "name": person.name} for person in people]


@router.get("/{finding_id}", response=shapes.FindingShown, summary="一条卡点")
def finding(request: Request, finding_id: str) -> dict[str, object]:
    """Show one finding."""
    request.access.need(Right.SEE_FINDINGS)
    entry = finding_of(request.access, finding_id)[1]
    return _shown(entry, states_of([finding_id])[finding_id])


@router.get(
    "/{finding_id}/history", response=list[shapes.DecisionShown], summary="一条卡点的处理经过"
)
def history(request: Request, finding_id: str) -> list[dict[str, object]]:
    """Give every decision on a finding, the oldest first."""
    request.access.need(Right.SEE_FINDINGS)
    entry = finding_of(request.access, finding_id)[1]
    decisions = Decision.objects.filter(finding_id=entry["id"]).select_related("user")
    return [
        {
            "at": each.at,
            "by": each.user.name if each.user else "",
            "state": each.state,
            "assignee": each.assignee_name,
            "reason": each.reason,
        }
        for each in decisions
    ]


@router.get("/{finding_id}/runs", response=list[shapes.PastShown], summary="一条卡点逐次分析的变化")
def runs(request: Request, finding_id: str) -> list[dict[str, object]]:
    """Give what every remembered run said of a finding, the latest first."""
    request.access.need(Right.SEE_FINDINGS)
    entry = finding_of(request.access, finding_id)[1]
    return [
        {
            "end": end,
            "value": found["value"] if found else None,
            "expected": found["expected"] if found else None,
            "affected": found["affected"] if found else None,
            "cny": found["cny"] if found else None,
        }
        for end, found in runs_of(entry["id"])
    ]


@router.post(
    "/{finding_id}/decisions",
    response=shapes.FindingShown,
    summary="认领、指派、提出异议或标为已处理",
)
def decide(request: Request, finding_id: str, given: shapes.Decided) -> dict[str, object]:
    """Record a decision; the version must be the one last read."""
    request.access.need(Right.SEE_FINDINGS)
    entry = finding_of(request.access, finding_id)[1]
    take_decision(
        request,
        entry,
        STATES[given.action],
        seen_version=given.version,
        assignee=_assignee(given, entry),
        reason=given.reason.strip(),
    )
    return _shown(entry, states_of([finding_id])[finding_id])


def _assignee(
    given: shapes.Accept | shapes.Dispute | shapes.Done, entry: FindingEntry
) -> User | None:
    if given.action != "accept" or given.assignee_id is None:
        return None
    people = assignable(entry["shop_id"], entry["department"])
    found = people.filter(pk=given.assignee_id).first()
    if found is None:
        raise Http404
    return found


def _shown(entry: FindingEntry, state: FindingState) -> dict[str, object]:
    return {
        **entry,
        "standing": {
            "state": state.state,
            "assignee_id": state.assignee_id,
            "assignee": state.assignee.name if state.assignee else "",
            "version": state.version,
        },
    }
