"""Tables taken along: asked for, approved where many customers are in them, fetched."""

from typing import Annotated

from django.http import HttpResponseBase
from django.utils.http import urlencode
from ninja import Path, Query, Router, Status
from pydantic import BeforeValidator

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas import exports as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, LARGEST, Page, Paged, pages_of, whole
from huisheng.app.web.exports import handing
from huisheng.app.web.exports.handing import ReasonNeededError
from huisheng.app.web.exports.models import ExportRequest
from huisheng.app.web.exports.writing import FORMATS
from huisheng.errors import BadInputError, NotAllowedError

router = Router(tags=["导出"])
RequestId = Annotated[int, Path(ge=1, le=LARGEST), BeforeValidator(whole)]
LONGEST_QUERY, MOST_SHOWN = 2000, 1000
FILE = {
    "responses": {
        200: {
            "description": "文件",
            "content": {
                kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for _, kind in FORMATS.values()
            },
        }
    }
}


@router.get("", response=Page[shapes.ExportShown], summary="自己的导出，新的在前")
def listing(request: Request, asked: Query[Paged]) -> dict[str, object]:
    """List one's own exports, of the shops that the token is for."""
    request.access.need(Right.EXPORT)
    own = ExportRequest.objects.filter(asked_by=request.user)
    found = [
        one
        for one in own.select_related("asked_by", "decided_by")[:MOST_SHOWN]
        if all(request.access.may(Right.EXPORT, shop_id) for shop_id in one.shops)
    ]
    first, total = (asked.page - 1) * A_PAGE, len(found)
    rows = found[first : first + A_PAGE]
    return {
        "rows": [_shown(one) for one in rows],
        "page": asked.page,
        "pages": pages_of(total),
        "total": total,
    }


@router.get("/to-decide", response=list[shapes.ExportShown], summary="等您批准的导出")
def to_decide(request: Request) -> list[dict[str, object]]:
    """List what others asked for and one may decide on."""
    request.access.need(Right.APPROVE_EXPORTS)
    return [_shown(one) for one in handing.to_decide(request)[:A_PAGE]]


@router.post(
    "",
    response={201: shapes.ExportShown},
    summary="导出一张表：ready 为真就可以取文件，否则等人批准",
)
def ask(request: Request, given: shapes.ExportAsked) -> Status[dict[str, object]]:
    """Ask for a table."""
    query = urlencode(given.query)
    if len(query) > LONGEST_QUERY:
        raise BadInputError("query", "太长", "请缩短筛选条件")
    try:
        made, _ = handing.ask(request, given.source, query, given.format, given.reason)
    except ReasonNeededError as error:
        customers = f"涉及 {error.taken.customers} 位顾客，近 24 小时已导出 {error.earlier} 位"
        raise NotAllowedError(f"reason：{customers}，要别人批准。请写明用来做什么") from error
    return Status(201, _shown(made))


@router.post("/{request_id}/decision", response=shapes.ExportShown, summary="批准或不批准一次导出")
def decide(request: Request, request_id: RequestId, given: shapes.Answered) -> dict[str, object]:
    """Approve or refuse somebody else's export."""
    return _shown(handing.decide(request, request_id, allow=given.allow, answer=given.answer))


@router.get("/{request_id}/file", summary="取文件", openapi_extra=FILE)
def fetch(request: Request, request_id: RequestId) -> HttpResponseBase:
    """Give the file, made anew from today's data."""
    return handing.fetch(request, request_id)


def _shown(one: ExportRequest) -> dict[str, object]:
    names = (
        "id", "title", "source", "format", "shops", "rows", "customers", "reason", "state",
        "asked_at", "decided_at", "answer", "file_hash", "taken_at",
    )  # fmt: skip
    return {
        **{name: one.__dict__[name] for name in names},
        "ready": one.is_open,
        "asked_by": one.asked_by.name,
        "decided_by": one.decided_by.name if one.decided_by else "",
    }
