"""What was done: the audit, for those who may read it."""

from django.utils import timezone
from ninja import Query, Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas import people as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, Page, pages_of
from huisheng.app.web.trail.events import found_events, top_viewers
from huisheng.app.web.trail.forms import Wanted

router = Router(tags=["审计"])


@router.get("", response=Page[shapes.AuditLine], summary="谁看过、改过、导出过什么")
def audit(request: Request, asked: Query[shapes.AuditAsked]) -> dict[str, object]:
    """List what was done, the latest first."""
    request.access.need(Right.SEE_AUDIT)
    days = None if asked.days == "all" else int(asked.days)
    wanted = Wanted(asked.user_id, asked.act, asked.shop_id, days, asked.q.strip())
    events = found_events(request.access, wanted, timezone.now())
    first, total = (asked.page - 1) * A_PAGE, events.count()
    rows = [
        {
            "at": event.at,
            "person": event.user.name if event.user else "",
            "act": event.act,
            "shop_id": event.shop_id,
            "about": event.about,
            "address": event.address,
        }
        for event in events[first : first + A_PAGE]
    ]
    return {"rows": rows, "page": asked.page, "pages": pages_of(total), "total": total}


@router.get("/viewers", response=list[shapes.ViewerShown], summary="近 7 天谁看得、导出得最多")
def viewers(request: Request) -> list[dict[str, object]]:
    """List who looked at and took away most."""
    request.access.need(Right.SEE_AUDIT)
    return [
        {
            "user_id": one.user_id,
            "name": one.name,
            "looked": one.looked,
            "exported": one.exported,
            "before": one.before,
        }
        for one in top_viewers(request.access, timezone.now())
    ]
