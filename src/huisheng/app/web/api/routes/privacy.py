"""What is kept of buyers: one found, handed over, erased; and how long all of it is kept."""

from typing import Annotated

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import BeforeValidator

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import filled
from huisheng.app.web.api.schemas import privacy as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, LARGEST, Page, Paged, pages_of, whole
from huisheng.app.web.privacy import keeping, requests
from huisheng.app.web.privacy.forms import EraseForm, FindForm
from huisheng.app.web.privacy.models import SubjectRequest
from huisheng.app.web.privacy.policy import RULES, days_of
from huisheng.app.web.privacy.retaining import foreseen, policy
from huisheng.app.web.privacy.views import runs_lost
from huisheng.errors import NotAllowedError, UnknownNameError

router = Router(tags=["隐私"])
RequestId = Annotated[int, Path(ge=1, le=LARGEST), BeforeValidator(whole)]
ZIP = {
    "responses": {
        200: {
            "description": "文件",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/requests", response=Page[shapes.RequestShown], summary="买家的查阅与删除请求")
def listing(request: Request, asked: Query[Paged]) -> dict[str, object]:
    """List what buyers of one's shops asked for, the latest first."""
    request.access.need(Right.HANDLE_PRIVACY)
    own = SubjectRequest.objects.filter(shop_id__in=requests.shops_of(request))
    first, total = (asked.page - 1) * A_PAGE, own.count()
    rows = own.select_related("asked_by")[first : first + A_PAGE]
    return {
        "rows": [_shown(one) for one in rows],
        "page": asked.page,
        "pages": pages_of(total),
        "total": total,
    }


@router.post(
    "/requests",
    response={201: shapes.RequestWhole},
    summary="按昵称、用户编号或订单号找一位买家，写下的内容不保存",
)
def find(request: Request, given: shapes.BuyerAsked) -> Status[dict[str, object]]:
    """Find a buyer."""
    request.access.need(Right.HANDLE_PRIVACY)
    shops = requests.shops_of(request)
    if given.shop_id not in shops:
        raise Http404
    said = {"shop": given.shop_id, "found_by": given.found_by, "value": given.value}
    made = requests.find_subject(request, filled(FindForm(shops, said)))
    if made is None:
        raise UnknownNameError(f"value：{requests.NOT_FOUND}")
    return Status(201, _whole(made))


@router.get("/requests/{request_id}", response=shapes.RequestWhole, summary="一位买家的请求")
def one(request: Request, request_id: RequestId) -> dict[str, object]:
    """Show what one buyer asked for."""
    return _whole(requests.asked_for(request, request_id))


@router.post(
    "/requests/{request_id}/export", summary="导出一位买家的全部资料（ZIP）", openapi_extra=ZIP
)
def export(request: Request, request_id: RequestId) -> HttpResponseBase:
    """Give all rows about a buyer."""
    return requests.hand_over(request, requests.asked_for(request, request_id))


@router.post(
    "/requests/{request_id}/erasure",
    response={202: shapes.RequestWhole},
    summary="删除一位买家的全部资料，无法恢复",
)
def erase(
    request: Request, request_id: RequestId, given: shapes.Confirmed
) -> Status[dict[str, object]]:
    """Make the job that erases a buyer, once."""
    asked = requests.asked_for(request, request_id)
    filled(EraseForm(given.model_dump()))
    requests.ask_erasure(request, asked)
    return Status(202, _whole(requests.asked_for(request, request_id)))


@router.get("/runs-lost", response=list[shapes.RunLost], summary="因删除而不能重做的分析")
def runs(request: Request) -> list[dict[str, object]]:
    """List the runs that cannot be made again; they are about all shops."""
    request.access.need(Right.HANDLE_PRIVACY, Membership.ALL_SHOPS)
    return runs_lost()


@router.get("/retention", response=shapes.Retention, summary="各类数据保存多久")
def retention(request: Request, asked: Query[shapes.RetentionAsked]) -> dict[str, object]:
    """Show how long things are kept."""
    request.access.need(Right.HANDLE_PRIVACY)
    return _policy(counted=asked.foreseen == "true")


@router.put("/retention", response=shapes.Retention, summary="改保存期限，限管所有店铺的人")
def keep_days(request: Request, given: shapes.RetentionGiven) -> dict[str, object]:
    """Change how many days things are kept."""
    keeping.keep_days(request, given.days.model_dump(), seen=given.version)
    return _policy(counted=False)


@router.post("/retention/switch", response=shapes.Retention, summary="开启或关闭自动清理")
def switch(request: Request, given: shapes.RetentionSwitched) -> dict[str, object]:
    """Switch retention on or off."""
    keeping.keep_switch(request, on=given.on, seen=given.version)
    return _policy(counted=False)


@router.post("/retention/run", response={202: shapes.JobMade}, summary="现在清理一次")
def run(request: Request) -> Status[dict[str, int]]:
    """Apply the policy now."""
    job = keeping.apply_now(request)
    if job is None:
        raise NotAllowedError("自动清理：没有开启，或正在清理。请先开启，或等它做完")
    return Status(202, {"job_id": job.pk})


def _shown(asked: SubjectRequest) -> dict[str, object]:
    names = (
        "id", "shop_id", "found_by", "asked_at", "counts", "exported_at", "erased_at", "erased",
    )  # fmt: skip
    return {name: asked.__dict__[name] for name in names} | {"asked_by": asked.asked_by.name}


def _whole(asked: SubjectRequest) -> dict[str, object]:
    job = requests.erasure_of(asked)
    erasure = {
        "job_id": job.pk, "state": job.state, "step": job.step, "share": job.share,
        "error": job.error,
    } if job else None  # fmt: skip
    return _shown(asked) | {"counts_now": requests.counts_now(asked), "erasure": erasure}


def _policy(*, counted: bool) -> dict[str, object]:
    held = policy()
    days = days_of(held.days)
    touched = foreseen(library.workspace(), days, timezone.now()) if counted else {}
    return {
        "on": held.on,
        "rules": [
            {
                "id": rule.id,
                "label": rule.label,
                "then": rule.then,
                "days": days[rule.id],
                "least": rule.least,
                "usual": rule.days,
                "foreseen": touched.get(rule.id),
            }
            for rule in RULES
        ],
        "version": held.version,
        "changed_by": held.changed_by.name if held.changed_by else "",
        "changed_at": held.changed_at,
        "last_run": held.last_run,
    }
