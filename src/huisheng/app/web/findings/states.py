"""Decide on findings without overwriting what somebody else decided meanwhile."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from huisheng.app.web.accounts.models import User
from huisheng.app.web.findings.models import Decision, FindingState, State


class OvertakenError(Exception):
    """Somebody else decided on the finding after the page was shown."""


def states_of(finding_ids: Iterable[str]) -> dict[str, FindingState]:
    """Return the states of findings; an undecided one stands as new, with version 0."""
    ids = list(finding_ids)
    known = FindingState.objects.select_related("assignee").in_bulk(ids, field_name="finding_id")
    return {id_: known.get(id_, FindingState(finding_id=id_)) for id_ in ids}


def decide(
    finding_id: str,
    shop_id: str,
    state: State,
    *,
    by: User,
    seen_version: int,
    assignee: User | None = None,
    reason: str = "",
    numbers: Mapping[str, object] | None = None,
) -> None:
    """Record a decision made on a page that showed `seen_version`, and the numbers it showed.

    Raises:
        OvertakenError: another decision came first; nothing is changed.
    """
    with transaction.atomic():
        FindingState.objects.get_or_create(finding_id=finding_id, defaults={"shop_id": shop_id})
        changed = FindingState.objects.filter(finding_id=finding_id, version=seen_version).update(
            state=state, assignee=assignee, version=seen_version + 1
        )
        if not changed:
            raise OvertakenError
        Decision.objects.create(
            finding_id=finding_id,
            user=by,
            state=state,
            assignee_name=assignee.name if assignee else "",
            reason=reason,
            numbers=dict(numbers or {}),
        )
