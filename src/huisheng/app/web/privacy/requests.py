"""What buyers ask for: each found, handed over, erased; pages and programs come through here."""

from django.db import transaction
from django.http import FileResponse, Http404
from django.utils import timezone

from huisheng.app.web import library
from huisheng.app.web.accounts.known import known_shops
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.jobs.models import Job, Kind
from huisheng.app.web.jobs.queue import enqueue
from huisheng.app.web.privacy.erasing import subject_of
from huisheng.app.web.privacy.forms import FindForm
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
from huisheng.lake import Engine

NOT_FOUND = "这家店没有关于他的记录。请核对写法：昵称要和导出文件里的一模一样，也可以换订单号再找。"


def shops_of(request: Request) -> dict[str, str]:
    """Return the names of the shops whose buyers a person may answer, by id."""
    shops = known_shops()
    return {id_: shops[id_] for id_ in request.access.shops_with(Right.HANDLE_PRIVACY, shops)}


def find_subject(request: Request, form: FindForm) -> SubjectRequest | None:
    """Find the buyer of a valid form; what was typed becomes a pseudonym and is forgotten."""
    shop_id, found_by = form.cleaned_data["shop"], FoundBy(form.cleaned_data["found_by"])
    with library.facts() as facts:
        subject = _subject(facts.engine, shop_id, found_by, form.cleaned_data["value"])
        counts = counts_of(facts.engine, rows_about(facts.engine, subject)) if subject else {}
    outcome = "找到" if subject else "没有找到"
    note(request, Act.LOOKED, f"按{found_by.label}查找买家：{outcome}", shop_id)
    if subject is None:
        return None
    return SubjectRequest.objects.create(
        shop_id=shop_id,
        found_by=found_by,
        customer_keys=list(subject.customer_keys),
        order_nos=list(subject.order_nos),
        counts=counts,
        asked_by=request.user,
    )


def asked_for(request: Request, request_id: int) -> SubjectRequest:
    """Return what a buyer of the person's shops asked for.

    Raises:
        PermissionDenied: the person answers no buyers.
        Http404: there is no such request.
    """
    request.access.need(Right.HANDLE_PRIVACY)
    asked = SubjectRequest.objects.filter(pk=request_id).select_related("asked_by").first()
    if asked is None or not request.access.may(Right.HANDLE_PRIVACY, asked.shop_id):
        raise Http404
    return asked


def counts_now(asked: SubjectRequest) -> dict[str, int]:
    """Return how many rows about a buyer there are now, by table."""
    with library.facts() as facts:
        return counts_of(facts.engine, rows_about(facts.engine, subject_of(asked)))


def hand_over(request: Request, asked: SubjectRequest) -> FileResponse:
    """Give all rows about a buyer as a ZIP."""
    with library.facts() as facts:
        file, total = archive(facts.engine, rows_about(facts.engine, subject_of(asked)))
    SubjectRequest.objects.filter(pk=asked.pk).update(exported_at=timezone.now())
    note(request, Act.EXPORTED, f"导出一位买家的资料（请求 {asked.pk}），{total} 行", asked.shop_id)
    return FileResponse(file, as_attachment=True, filename=f"buyer-{asked.pk}.zip")


def ask_erasure(request: Request, asked: SubjectRequest) -> Job:
    """Return the job that erases a buyer; asked twice, it is made once."""
    with transaction.atomic():
        held = SubjectRequest.objects.select_for_update().get(pk=asked.pk)
        job = erasure_of(held)
        if job is not None and job.is_open:
            return job
        made = enqueue(Kind.ERASE, {"request": held.pk}, shop_id=held.shop_id, by=request.user)
        held.erasure = made.pk
        held.save()
        about = f"删除一位买家的资料（请求 {held.pk}，任务 {made.pk}）"
        note(request, Act.CHANGED, about, held.shop_id)
        return made


def erasure_of(asked: SubjectRequest) -> Job | None:
    """Return the job that erases or erased a buyer, None where nobody asked for it."""
    return Job.objects.filter(pk=asked.erasure or 0, kind=Kind.ERASE).first()


def _subject(engine: Engine, shop_id: str, found_by: FoundBy, typed: str) -> Subject | None:
    if found_by is FoundBy.ORDER:
        return subject_by_order(engine, shop_id, typed.strip("\"'`\t "))
    keys = keys_for(library.workspace(), shop_id, typed)
    return subject_by_keys(engine, shop_id, keys)
