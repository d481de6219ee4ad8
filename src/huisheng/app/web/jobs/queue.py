"""Put work in, take it out: one statement decides who gets a job, on every database alike."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from huisheng.app.web.accounts.models import User
from huisheng.app.web.jobs.models import OPEN, Job, Kind, State

LEASE = timedelta(seconds=30)
MOST_DEATHS = 5
CANDIDATES = 10
STEP_LENGTH, DETAIL_LENGTH, ERROR_LENGTH = 300, 60, 1000
GAVE_UP = (
    f"处理它的程序连续 {MOST_DEATHS} 次意外中止，没有再试。"
    "请检查内存与磁盘空间后点「再试一次」；仍不行请把这一页报告给我们。"
)


class LostError(Exception):
    """The lease ran out and another process has the job."""


def enqueue(
    kind: Kind, payload: Mapping[str, object], *, shop_id: str = "", by: User | None
) -> Job:
    """Write a job down."""
    return Job.objects.create(kind=kind, payload=dict(payload), shop_id=shop_id, user=by)


def enqueue_analysis(by: User | None) -> Job:
    """Ask for an analysis; one that waits already will see the new facts as well."""
    waiting = Job.objects.filter(kind=Kind.ANALYZE, state=State.QUEUED).first()
    return waiting or enqueue(Kind.ANALYZE, {}, by=by)


def claim(holder: str, lease: timedelta = LEASE) -> Job | None:
    """Take the oldest job that nobody holds, or None.

    The update names the attempt that was seen, so that of several processes one alone changes the
    row: SQLite has one writer at a time, PostgreSQL looks at the condition again after waiting.
    """
    now = timezone.now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now)
    seen = Job.objects.filter(free).order_by("id").values_list("pk", "attempts", "returns")
    for pk, attempts, returns in list(seen[:CANDIDATES]):
        mine = Job.objects.filter(free, pk=pk, attempts=attempts)
        if attempts - returns >= MOST_DEATHS:
            mine.update(state=State.FAILED, error=GAVE_UP, ended_at=now, lease_until=None)
        elif mine.update(
            state=State.RUNNING,
            holder=holder,
            lease_until=now + lease,
            attempts=attempts + 1,
            started_at=Coalesce("started_at", now),
        ):
            return Job.objects.select_related("user").get(pk=pk)
    return None


def renew(job: Job, lease: timedelta = LEASE) -> bool:
    """Hold a job for longer; return whether somebody asked to cancel it.

    Raises:
        LostError: another process has it.
    """
    return _changed(job, lease_until=timezone.now() + lease)


def tell(job: Job, step: str, share: float | None, detail: str) -> bool:
    """Write down how far a job is; return whether somebody asked to cancel it.

    Raises:
        LostError: another process has it.
    """
    return _changed(job, step=step[:STEP_LENGTH], share=share, detail=detail[:DETAIL_LENGTH])


def finish(
    job: Job,
    state: State,
    *,
    result: Mapping[str, object] | None = None,
    error: str = "",
    shop_id: str | None = None,
) -> None:
    """Write down how a job ended; `shop_id` where it turned out to concern other shops.

    Raises:
        LostError: another process has it, and this end does not count.
    """
    _changed(
        job,
        state=state,
        result=result,
        error=error[:ERROR_LENGTH],
        shop_id=job.shop_id if shop_id is None else shop_id,
        ended_at=timezone.now(),
        lease_until=None,
        share=None,
    )


def release(job: Job) -> None:
    """Give a job back unfinished, for whoever comes next."""
    _held(job).update(
        state=State.QUEUED, holder="", lease_until=None, returns=F("returns") + 1, share=None
    )


def cancel(job: Job) -> None:
    """Ask for the end of a job: at once where nobody works on it, else at its next step."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED)
    if not waiting.update(state=State.CANCELLED, cancel_asked=True, ended_at=now):
        Job.objects.filter(pk=job.pk, state__in=OPEN).update(cancel_asked=True)


def _changed(job: Job, **values: object) -> bool:
    if not _held(job).update(**values):
        raise LostError
    return Job.objects.values_list("cancel_asked", flat=True).get(pk=job.pk)


def _held(job: Job) -> QuerySet[Job]:
    """Return the row as long as the process that claimed it has it, this very time."""
    return Job.objects.filter(
        pk=job.pk, state=State.RUNNING, holder=job.holder, attempts=job.attempts
    )
