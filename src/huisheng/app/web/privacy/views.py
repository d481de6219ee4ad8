"""A buyer asks to see or to erase what is kept of them."""

from datetime import datetime

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.known import known_shops
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.jobs.models import Job, Kind
from huisheng.app.web.jobs.queue import enqueue
from huisheng.app.web.privacy.erasing import subject_of
from huisheng.app.web.privacy.forms import EraseForm, FindForm
from huisheng.app.web.privacy.handing import archive
from huisheng.app.web.privacy.models import FoundBy, SubjectRequest
from huisheng.app.web.privacy.subject import (
    Subject,
    counts_of,
    keys_for,
    rows_about,
    subject_by_keys,
    subject_by_order,
)
from huisheng.app.web.privacy.traces import erasures_of
from huisheng.lake import Engine
from huisheng.records import all_tables

RECENT = 50
OUTSIDE = {"quotes": "引用的原话", "rejected": "隔离行", "judgements": "标注"}
NOT_FOUND = "这家店没有关于他的记录。请核对写法：昵称要和导出文件里的一模一样，也可以换订单号再找。"


@require_GET
def front(request: Request) -> HttpResponseBase:
    """Say what is kept of buyers, and show their requests."""
    request.access.need(Right.HANDLE_PRIVACY)
    return _front(request, FindForm(_shops(request)), "")


@require_POST
def find(request: Request) -> HttpResponseBase:
    """Find a buyer; what was typed is turned into a pseudonym and forgotten."""
    request.access.need(Right.HANDLE_PRIVACY)
    form = FindForm(_shops(request), request.POST)
    if not form.is_valid():
        return _front(request, form, "")
    shop_id, found_by = form.cleaned_data["shop"], FoundBy(form.cleaned_data["found_by"])
    with library.facts() as facts:
        subject = _subject(facts.engine, shop_id, found_by, form.cleaned_data["value"])
        counts = counts_of(facts.engine, rows_about(facts.engine, subject)) if subject else {}
    outcome = "找到" if subject else "没有找到"
    note(request, Act.LOOKED, f"按{found_by.label}查找买家：{outcome}", shop_id)
    if subject is None:
        return _front(request, FindForm(_shops(request)), NOT_FOUND)
    made = SubjectRequest.objects.create(
        shop_id=shop_id,
        found_by=found_by,
        customer_keys=list(subject.customer_keys),
        order_nos=list(subject.order_nos),
        counts=counts,
        asked_by=request.user,
    )
    return redirect("privacy-request", made.pk)


@require_GET
def page(request: Request, request_id: int) -> HttpResponseBase:
    """Show what is kept of one buyer now, and what can be done."""
    asked = _asked(request, request_id)
    return _page(request, asked, EraseForm())


@require_GET
def progress(request: Request, request_id: int) -> HttpResponseBase:
    """Give the part of the page that changes while a buyer is erased."""
    asked = _asked(request, request_id)
    context = {"asked": asked, "job": _job(asked), "labels": _labels()}
    return render(request, "privacy/progress.html.j2", context)


@require_POST
def export(request: Request, request_id: int) -> HttpResponseBase:
    """Give all rows about a buyer as a ZIP."""
    asked = _asked(request, request_id)
    with library.facts() as facts:
        file, total = archive(facts.engine, rows_about(facts.engine, subject_of(asked)))
    SubjectRequest.objects.filter(pk=asked.pk).update(exported_at=timezone.now())
    note(request, Act.EXPORTED, f"导出一位买家的资料（请求 {asked.pk}），{total} 行", asked.shop_id)
    return FileResponse(file, as_attachment=True, filename=f"buyer-{asked.pk}.zip")


@require_POST
def erase(request: Request, request_id: int) -> HttpResponseBase:
    """Make a job that erases a buyer; asked twice, it is made once."""
    asked = _asked(request, request_id)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    with transaction.atomic():
        held = SubjectRequest.objects.select_for_update().get(pk=asked.pk)
        job = _job(held)
        if job is not None and job.is_open:
            return redirect("privacy-request", asked.pk)
        made = enqueue(Kind.ERASE, {"request": held.pk}, shop_id=held.shop_id, by=request.user)
        held.erasure = made.pk
        held.save()
        about = f"删除一位买家的资料（请求 {held.pk}，任务 {made.pk}）"
        note(request, Act.CHANGED, about, held.shop_id)
    return redirect("privacy-request", asked.pk)


def _subject(engine: Engine, shop_id: str, found_by: FoundBy, typed: str) -> Subject | None:
    if found_by is FoundBy.ORDER:
        return subject_by_order(engine, shop_id, typed.strip("\"'`\t "))
    keys = keys_for(library.workspace(), shop_id, typed)
    return subject_by_keys(engine, shop_id, keys)


def _shops(request: Request) -> dict[str, str]:
    shops = known_shops()
    return {id_: shops[id_] for id_ in request.access.shops_with(Right.HANDLE_PRIVACY, shops)}


def _asked(request: Request, request_id: int) -> SubjectRequest:
    request.access.need(Right.HANDLE_PRIVACY)
    asked = SubjectRequest.objects.filter(pk=request_id).select_related("asked_by").first()
    if asked is None or not request.access.may(Right.HANDLE_PRIVACY, asked.shop_id):
        raise Http404
    return asked


def _job(asked: SubjectRequest) -> Job | None:
    return Job.objects.filter(pk=asked.erasure or 0, kind=Kind.ERASE).first()


def _labels() -> dict[str, str]:
    return {name: table.label for name, table in all_tables().items()} | OUTSIDE


def _runs() -> list[dict[str, object]]:
    """Return the runs that cannot be made again, each with the instant of the erasure."""
    found = erasures_of(library.workspace())
    return [{**run, "at": datetime.fromisoformat(str(run["at"]))} for run in found]


def _front(request: Request, form: FindForm, problem: str) -> HttpResponseBase:
    shops = _shops(request)
    requests = SubjectRequest.objects.filter(shop_id__in=shops).select_related("asked_by")
    everywhere = request.access.may(Right.HANDLE_PRIVACY, "*")
    context = {
        "form": form,
        "problem": problem,
        "shops": shops,
        "requests": requests[:RECENT],
        "runs": _runs() if everywhere else [],
        "everywhere": everywhere,
    }
    return render(request, "privacy/front.html.j2", context)


def _page(request: Request, asked: SubjectRequest, form: EraseForm) -> HttpResponseBase:
    with library.facts() as facts:
        counts = counts_of(facts.engine, rows_about(facts.engine, subject_of(asked)))
    context = {
        "asked": asked,
        "shop": _shops(request).get(asked.shop_id, asked.shop_id),
        "counts": counts,
        "total": sum(counts.values()),
        "labels": _labels(),
        "form": form,
        "job": _job(asked),
    }
    return render(request, "privacy/request.html.j2", context)
