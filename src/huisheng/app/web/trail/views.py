"""The audit: found by person, act, shop, days and words; taken away as a file."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from huisheng.app.web.accounts.known import known_shops
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.defused import csv_answer
from huisheng.app.web.trail.events import (
    found_events,
    lines_of,
    own_shops,
    people_in,
    top_viewers,
)
from huisheng.app.web.trail.forms import DAYS, wanted_in

PAGE = 50
FILTERS = ("user", "act", "shop", "days", "q")


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show the events that were asked for, fifty at a time, and the week's top viewers."""
    request.access.need(Right.SEE_AUDIT)
    wanted, now = wanted_in(request.GET), timezone.now()
    events = found_events(request.access, wanted, now)
    context = {
        "page": Paginator(events, PAGE).get_page(request.GET.get("page")),
        "viewers": top_viewers(request.access, now),
        "people": people_in(request.access),
        "acts": {act.value: act.label for act in Act},
        "shops": _shops(request),
        "days": DAYS,
        "wanted": wanted,
        "everywhere": request.access.may(Right.SEE_AUDIT, Membership.ALL_SHOPS),
        "query": _query(request),
    }
    return render(request, "trail/page.html.j2", context)


@require_GET
def download(request: Request) -> HttpResponseBase:
    """Give the events that were asked for as CSV."""
    request.access.need(Right.SEE_AUDIT)
    wanted, now = wanted_in(request.GET), timezone.now()
    events = found_events(request.access, wanted, now)
    count = events.count()
    # Of one shop alone, this line too belongs to those who watch over it.
    shops = _shops(request)
    everywhere = Membership.ALL_SHOPS in shops
    shop_id = wanted.shop_id if wanted.shop_id in shops else "" if everywhere else next(iter(shops))
    note(request, Act.EXPORTED, f"下载审计记录 {count} 条", shop_id)
    until = events.filter(at__lte=now)
    return csv_answer(f"审计 {now:%Y-%m-%d}.csv", lines_of(until, shops))


def _shops(request: Request) -> dict[str, str]:
    shops = known_shops()
    if request.access.may(Right.SEE_AUDIT, Membership.ALL_SHOPS):
        return {**shops, Membership.ALL_SHOPS: "所有店铺"}
    return {shop_id: shops.get(shop_id, shop_id) for shop_id in own_shops(request.access)}


def _query(request: Request) -> str:
    given = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    return urlencode(given)
