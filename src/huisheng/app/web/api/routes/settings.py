"""What is set of a shop, to be read: campaigns and working hours."""

from django.http import Http404
from ninja import Query, Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.schemas import settings as shapes
from huisheng.app.web.api.schemas.data import OfShop
from huisheng.app.web.settings import hours
from huisheng.app.web.settings.campaigns import campaigns_of
from huisheng.app.web.settings.hours_views import calendar_set
from huisheng.app.web.settings.shops import Shop, shops_of

router = Router(tags=["设置"])


@router.get("/campaigns", response=list[shapes.CampaignShown], summary="一家店的活动日历")
def campaigns(request: Request, asked: Query[OfShop]) -> list[dict[str, object]]:
    """List the campaigns that are set of a shop, the earliest first."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "assumed": one.assumed,
            "windows": [
                {"phase": window.phase, "start": window.start, "end": window.end}
                for window in one.windows
            ],
        }
        for one in campaigns_of(_shop(request, asked.shop_id).id)
    ]


@router.get("/calendar", response=shapes.CalendarShown, summary="一家店的营业时间与假日")
def calendar(request: Request, asked: Query[OfShop]) -> dict[str, object]:
    """Give a shop's working hours."""
    shop = _shop(request, asked.shop_id)
    found = calendar_set(shop)
    written = hours.OFFICE if found is None else hours.written_of(found)
    return {
        "shop_id": shop.id,
        "is_set": found is not None,
        "week": {
            day: text.split(", ") if text else []
            for day, text in zip(hours.DAYS, written.week, strict=True)
        },
        "holidays": written.holidays.splitlines(),
        "extra_days": written.extra_days.splitlines(),
    }


def _shop(request: Request, shop_id: str) -> Shop:
    """Return a shop that the person may set.

    Raises:
        Http404: there is none of that id.
    """
    for shop in shops_of(request):
        if shop.id == shop_id:
            return shop
    raise Http404
