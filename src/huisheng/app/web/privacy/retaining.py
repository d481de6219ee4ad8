"""Apply the retention policy: seen before it is switched on, then once a day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from huisheng.app.llm import forget_answers
from huisheng.app.steps import Step, Told
from huisheng.app.web.accounts.models import User
from huisheng.app.web.audit.models import Event
from huisheng.app.web.jobs.models import OPEN, Job, Kind
from huisheng.app.web.jobs.outcome import Outcome
from huisheng.app.web.jobs.queue import enqueue
from huisheng.app.web.privacy.models import RetentionPolicy, SubjectRequest
from huisheng.app.web.privacy.policy import RULES, Rule, cutoff, days_of, met_by, personal_columns
from huisheng.app.web.privacy.subject import subject_by_keys
from huisheng.errors import NotAllowedError
from huisheng.lake import Workspace, erasure, open_engine, open_workspace, writing

AUDIT = "audit"
ONLY = 1
"""Key of the only policy."""


def policy() -> RetentionPolicy:
    """Return the policy, the shipped one where nobody changed it."""
    return RetentionPolicy.objects.filter(pk=ONLY).first() or RetentionPolicy(pk=ONLY)


def foreseen(workspace: Workspace, days: dict[str, int], now: datetime) -> dict[str, int]:
    """Return how many rows each rule would touch today."""
    found = {}
    for rule in RULES:
        since = cutoff(timezone.localdate(now), days[rule.id])
        rows = [
            erasure.count(workspace, name, met_by(name, rule, since), listed=listed)
            for name, listed in _tables(workspace, rule, since)
        ]
        found[rule.id] = sum(rows)
    found[AUDIT] = _old_events(days, now).count()
    return found


def apply_policy(workspace: Workspace, job: Job, told: Told) -> Outcome:
    """Do a retention job; each rule stands alone, so that one done twice finds nothing to do.

    Raises:
        NotAllowedError: somebody switched retention off while the job waited.
    """
    if not policy().on:
        raise NotAllowedError(
            "自动清理已经关闭，没有清理任何数据。需要时请先在「隐私 · 保存期限」里开启"
        )
    days, now = days_of(policy().days), timezone.now()
    done: dict[str, int] = {}
    for place, rule in enumerate(RULES):
        told(Step(rule.label, place / len(RULES)))
        done[rule.id] = _apply(workspace, rule, cutoff(timezone.localdate(now), days[rule.id]))
    done[AUDIT], _ = _old_events(days, now).delete()
    RetentionPolicy.objects.filter(pk=ONLY).update(last_run=job.pk)
    return Outcome({"touched": done})


def schedule(now: datetime) -> None:
    """Ask for today's retention where it is on, and for erasures that an import undid."""
    _ask_retention(now)
    _ask_again(open_workspace(settings.WORKSPACE))


def ask_now(by: User | None = None) -> Job | None:
    """Make a retention job unless one is open; return it."""
    if Job.objects.filter(kind=Kind.RETAIN, state__in=OPEN).exists():
        return None
    return enqueue(Kind.RETAIN, {}, shop_id="*", by=by)


def _ask_retention(now: datetime) -> None:
    today = timezone.localdate(now)
    due = RetentionPolicy.objects.filter(pk=ONLY, on=True).exclude(last_day=today)
    if due.update(last_day=today):
        ask_now()


def _ask_again(workspace: Workspace) -> None:
    """Erase buyers again whom an old export brought back."""
    erased = list(SubjectRequest.objects.exclude(erased_at=None).exclude(customer_keys=[]))
    engine = open_engine(workspace) if erased else None
    for request in erased:
        open_job = Job.objects.filter(pk=request.erasure or 0, state__in=OPEN)
        if engine is None or open_job.exists():
            continue
        if subject_by_keys(engine, request.shop_id, tuple(request.customer_keys)):
            job = enqueue(Kind.ERASE, {"request": request.pk}, shop_id=request.shop_id, by=None)
            SubjectRequest.objects.filter(pk=request.pk).update(erasure=job.pk)


def _apply(workspace: Workspace, rule: Rule, since: str) -> int:
    touched: dict[str, int] = {}
    with writing(workspace, (*rule.blanked, *rule.deleted)) as write:
        for name, listed in _tables(workspace, rule, since):
            blank = personal_columns(name) if name in rule.blanked else ()
            met = met_by(name, rule, since)
            touched[name] = erasure.forget(write, workspace, name, met, blank=blank, listed=listed)
    # What a process had published before it died is not counted again, but its files must go.
    erasure.purge(workspace, touched)
    forget_answers(workspace)
    return sum(touched.values())


def _tables(workspace: Workspace, rule: Rule, since: str) -> Iterator[tuple[str, pa.Table | None]]:
    for name in (*rule.blanked, *rule.deleted):
        yield name, _old_surveys(workspace, since) if name == "survey_answers" else None


def _old_surveys(workspace: Workspace, since: str) -> pa.Table:
    engine = open_engine(workspace)
    surveys = engine.table("surveys")
    old = surveys.filter(surveys.local_date < since)
    return engine.arrow(old.select("shop_id", "survey_id"))


def _old_events(days: dict[str, int], now: datetime) -> QuerySet[Event]:
    return Event.objects.filter(at__lt=now - timedelta(days=days[AUDIT]))
