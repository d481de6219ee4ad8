"""Who works here, and what was done: for those who may know."""

from ninja import Query, Router

from huisheng.app.web.accounts.governing import governed_people, governs_place
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas import people as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, Page, Paged, pages_of
from huisheng.app.web.trail.events import readable_events

router = Router(tags=["人员与审计"])


@router.get("/people", response=Page[shapes.Colleague], summary="人员和角色")
def people(request: Request, asked: Query[Paged]) -> dict[str, object]:
    """List everybody with their roles."""
    request.access.need(Right.MANAGE_PEOPLE)
    found = governed_people(request.access).order_by("username")
    first, total = (asked.page - 1) * A_PAGE, found.count()
    rows = [
        {
            "id": person.pk,
            "username": person.username,
            "name": person.name,
            "is_active": person.is_active,
            "second_factor": bool(person.second_factor),
            "memberships": [
                member
                for member in person.memberships.all()
                if governs_place(request.access, member.shop_id)
            ],
        }
        for person in found[first : first + A_PAGE]
    ]
    return {"rows": rows, "page": asked.page, "pages": pages_of(total), "total": total}


@router.get("/audit", response=Page[shapes.AuditLine], summary="谁看过、改过、导出过什么")
def audit(request: Request, asked: Query[shapes.AuditAsked]) -> dict[str, object]:
    """List what was done, the latest first."""
    request.access.need(Right.SEE_AUDIT)
    events = readable_events(request.access)
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
