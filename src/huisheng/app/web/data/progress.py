"""A job while it runs and when it has ended: its page asks once a second how far it is."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.imported import HEADINGS, MORE_RECORDS, FileLine
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.shops import everywhere, only, shops_of
from huisheng.app.web.jobs.models import EVERY_SHOP, SHOWN_ELSEWHERE, Job, Kind
from huisheng.app.web.jobs.queue import cancel, enqueue, enqueue_analysis
from huisheng.app.web.jobs.uploads import paths_of
from huisheng.records import all_tables


def jobs_of(access: Access) -> QuerySet[Job]:
    """Return the jobs a person may see, the latest first; an analysis concerns everybody."""
    jobs = Job.objects.exclude(kind__in=SHOWN_ELSEWHERE).select_related("user").order_by("-id")
    if everywhere(access):
        return jobs
    own = [shop_id for shop_id in access.scopes if access.may(Right.IMPORT_DATA, shop_id)]
    return jobs.filter(shop_id__in=["", *own])


def job_of(access: Access, job_id: int) -> Job:
    """Return a job a person may see.

    Raises:
        Http404: there is none.
    """
    access.need(Right.IMPORT_DATA)
    job = jobs_of(access).filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job


@require_GET
def page(request: Request, job_id: int) -> HttpResponseBase:
    """Show a job and, behind an import, the analysis that follows."""
    job = job_of(request.access, job_id)
    return render(request, "data/job.html.j2", _context(request, job))


@require_GET
def fragment(request: Request, job_id: int) -> HttpResponseBase:
    """Give the part of the page that changes."""
    job = job_of(request.access, job_id)
    return render(request, "data/progress.html.j2", _context(request, job))


@require_POST
def stop(request: Request, job_id: int) -> HttpResponseBase:
    """Ask a job to end."""
    job = job_of(request.access, job_id)
    cancel(job)
    note(request, Act.CHANGED, f"取消任务 {job.pk}（{job.kind_label}）", job.shop_id)
    return redirect("data-job", job_id)


@require_POST
def again(request: Request, job_id: int) -> HttpResponseBase:
    """Do a job that has ended once more, with the rights of whoever asks now."""
    job = job_of(request.access, job_id)
    if not _may_repeat(job):
        return redirect("data-job", job_id)
    if job.kind == Kind.ANALYZE:
        return analyze(request)
    made = repeat_import(request, job)
    note(request, Act.IMPORTED, f"再次导入任务 {job.pk} 的文件（任务 {made.pk}）", made.shop_id)
    return redirect("data-job", made.pk)


@require_POST
def analyze(request: Request) -> HttpResponseBase:
    """Make an analysis job."""
    request.access.need(Right.IMPORT_DATA)
    job = enqueue_analysis(request.user)
    note(request, Act.CHANGED, f"请求分析（任务 {job.pk}）")
    return redirect("data-job", job.pk)


def repeat_import(request: Request, job: Job) -> Job:
    """Make another import job of the same files."""
    payload = {**job.payload, "only": only(request.access, shops_of(request.access))}
    shop_id = str(job.payload["shop_id"]) or EVERY_SHOP
    return enqueue(Kind.IMPORT, payload, shop_id=shop_id, by=request.user)


def _context(request: Request, job: Job) -> dict[str, object]:
    result = job.result or {}
    following = Job.objects.filter(pk=result.get("analysis", 0)).first()
    files = [FileLine(**line) for line in result.get("files", [])]
    return {
        "job": job,
        "following": following,
        "shop_names": library.names()["shops"],
        "open": job.is_open or (following is not None and following.is_open),
        "now": timezone.now(),
        "headings": HEADINGS,
        "files": files,
        "more_records": MORE_RECORDS if any(f.records > f.rows_read for f in files) else "",
        "skipped": [*job.payload.get("refused", []), *result.get("skipped", [])],
        "unmapped": result.get("unmapped", []),
        "analyzed": result if job.kind == Kind.ANALYZE else None,
        "undone": result.get("undone", []),
        "undone_tables": [
            {**each, "label": all_tables()[each["table"]].label}
            for each in result.get("tables", [])
        ],
        "may_repeat": _may_repeat(job),
    }


def _may_repeat(job: Job) -> bool:
    if job.is_open:
        return False
    if job.kind == Kind.IMPORT:
        return bool(paths_of(str(job.payload["upload"])))
    return job.kind == Kind.ANALYZE
