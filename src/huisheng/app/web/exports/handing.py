"""Hand tables over: at once, or once somebody else approved where they are about many customers."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import User
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.exports.models import ExportRequest, ExportState
from huisheng.app.web.exports.sources import Taken, take
from huisheng.app.web.exports.writing import file_answer
from huisheng.errors import NotAllowedError

MOST_CUSTOMERS = 200
"""More customers than this need a second person (domain §6.3)."""
LATELY = timedelta(hours=24)
"""Files of so long count together, or many small ones would take a large one's place."""

NOT_OPEN = "导出：这条申请没有批准，或批准已经超过 7 天，请重新申请。"
OVERTAKEN = "导出：别人刚刚已经处理过这条申请，没有覆盖。"


class ReasonNeededError(Exception):
    """A file needs approval, and nobody has said yet what it is for."""

    def __init__(self, taken: Taken, earlier: int) -> None:
        super().__init__()
        self.taken = taken
        self.earlier = earlier


def ask(
    request: Request, source: str, query: str, format_: str, reason: str
) -> tuple[ExportRequest, Taken]:
    """Write a request down, approved at once unless it takes somebody past `MOST_CUSTOMERS`.

    Raises:
        Http404: no such table, or nothing this person may see.
        PermissionDenied: the person may not take it along.
        BadInputError: it has too many rows.
        ReasonNeededError: it needs approval, and there is no reason.
    """
    taken = take(source, request.access, QueryDict(query))
    with transaction.atomic():
        # Of two requests at the same time the second waits here, and counts the first.
        User.objects.select_for_update().get(pk=request.user.pk)
        earlier = customers_lately(request.user, source, query)
        needs_approval = bool(taken.customers) and taken.customers + earlier > MOST_CUSTOMERS
        if needs_approval and not reason.strip():
            raise ReasonNeededError(taken, earlier)
        made = ExportRequest.objects.create(
            source=source, query=query, format=format_, title=taken.title,
            shops=list(taken.shops), rows=len(taken.sheet.rows), customers=taken.customers,
            reason=reason.strip(), asked_by=request.user,
            state=ExportState.ASKED if needs_approval else ExportState.GIVEN,
        )  # fmt: skip
    if needs_approval:
        about = f"申请导出「{taken.title}」，{taken.customers} 位顾客，近 24 小时已有 {earlier} 位"
        note(request, Act.CHANGED, about, made.only_shop)
    return made, taken


def customers_lately(user: User, source: str, query: str) -> int:
    """Return how many customers were in other tables that somebody was given lately.

    Who is in two of them counts twice; the same table in another format does not.
    """
    given = ExportRequest.objects.filter(
        asked_by=user, state=ExportState.GIVEN, asked_at__gte=timezone.now() - LATELY
    )
    tables = given.exclude(source=source, query=query).values_list("source", "query", "customers")
    return sum({(name, about): customers for name, about, customers in tables}.values())


def hand_out(request: Request, asked: ExportRequest, taken: Taken) -> HttpResponse:
    """Give a file, and write down who took what."""
    answer, digest = file_answer(taken.title, taken.sheet, asked.format)
    rows, customers = len(taken.sheet.rows), taken.customers
    about = f"导出「{taken.title}」{rows} 行、{customers} 位顾客，{asked.format}，SHA-256 {digest}"
    ExportRequest.objects.filter(pk=asked.pk).update(file_hash=digest, taken_at=timezone.now())
    note(request, Act.EXPORTED, about, asked.only_shop)
    return answer


def fetch(request: Request, request_id: int) -> HttpResponse:
    """Hand an approved file to the person who asked, made anew from today's data.

    Raises:
        Http404: there is no such request of this person.
        NotAllowedError: it is not approved, or the data has outgrown the approval.
        BadInputError: it has too many rows.
    """
    asked = ExportRequest.objects.filter(pk=request_id, asked_by=request.user).first()
    if asked is None:
        raise Http404
    if not asked.is_open:
        raise NotAllowedError(NOT_OPEN)
    taken = take(asked.source, request.access, QueryDict(asked.query))
    if taken.customers > asked.customers * 1.1 + 10:
        raise NotAllowedError(
            f"导出：数据变多了，批准的是 {asked.customers} 位顾客，"
            f"现在有 {taken.customers} 位，请重新申请。"
        )
    if not set(taken.shops) <= set(asked.shops):
        raise NotAllowedError("导出：里面多了批准时没有的店铺，请重新申请。")
    return hand_out(request, asked, taken)


def to_decide(request: Request) -> list[ExportRequest]:
    """Return the open requests of others that somebody may decide on."""
    asked: QuerySet[ExportRequest] = ExportRequest.objects.filter(state=ExportState.ASKED)
    others = asked.exclude(asked_by=request.user).select_related("asked_by", "decided_by")
    return [one for one in others if _is_theirs_to_decide(request, one)]


def decide(request: Request, request_id: int, *, allow: bool, answer: str) -> ExportRequest:
    """Approve or refuse somebody else's request; the first decision stands.

    Raises:
        PermissionDenied: the person decides on nothing, or asked for it themselves.
        Http404: there is no such request of the person's shops.
        NotAllowedError: somebody else was quicker.
    """
    request.access.need(Right.APPROVE_EXPORTS)
    asked = ExportRequest.objects.filter(pk=request_id).first()
    if asked is None or not _is_theirs_to_decide(request, asked):
        raise Http404
    state = ExportState.APPROVED if allow else ExportState.REFUSED
    changed = ExportRequest.objects.filter(pk=request_id, state=ExportState.ASKED).update(
        state=state, decided_by=request.user, decided_at=timezone.now(), answer=answer
    )
    if not changed:
        raise NotAllowedError(OVERTAKEN)
    about = f"{state.label}导出申请 {request_id}「{asked.title}」"
    note(request, Act.CHANGED, about, asked.only_shop)
    asked.refresh_from_db()
    return asked


def _is_theirs_to_decide(request: Request, asked: ExportRequest) -> bool:
    may = all(request.access.may(Right.APPROVE_EXPORTS, shop_id) for shop_id in asked.shops)
    return bool(asked.shops) and may and asked.asked_by_id != request.user.pk
