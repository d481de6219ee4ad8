"""The campaign calendar: drawn, added to, edited, ended, and what imports know besides."""

from datetime import datetime

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.settings import campaigns, changing, models
from huisheng.app.web.settings.campaigns import Draft
from huisheng.app.web.settings.forms import CampaignForms
from huisheng.app.web.settings.gantt import strip
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.promotions import Phase, countdown
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, seen_version
from huisheng.app.web.settings.shops import Shop, shop_asked, shops_of


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show the calendar."""
    return _page(request, "")


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponseBase:
    """Add a campaign, from nothing or from a proposal."""
    shop = _shop(request)
    draft = _proposed(shop, request.GET.get("from", ""), timezone.now())
    forms = CampaignForms(draft, 0, request.POST or None)
    return _edited(request, shop, forms, draft, None)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponseBase:
    """Change a campaign."""
    shops = shops_of(request)
    one = get_object_or_404(models.Campaign, pk=pk, shop_id__in=[shop.id for shop in shops])
    shop = next(shop for shop in shops if shop.id == one.shop_id)
    draft = campaigns.draft_of(one)
    forms = CampaignForms(draft, one.version, request.POST or None)
    return _edited(request, shop, forms, draft, one)


@require_POST
def end(request: Request, pk: int) -> HttpResponseBase:
    """End a campaign now, or let it run on."""
    shops = shops_of(request)
    one = get_object_or_404(models.Campaign, pk=pk, shop_id__in=[shop.id for shop in shops])
    resumed = request.POST.get("resume") == "1"
    try:
        problem = changing.end_campaign(request, one, resumed=resumed, seen=seen_version(request))
    except OvertakenError:
        return _page(request, OVERTAKEN)
    return _landed(request, one.shop_id, problem)


@require_POST
def take_over(request: Request) -> HttpResponseBase:
    """Take over a campaign that only imports know; from then on it is set here."""
    shop = _shop(request)
    try:
        problem = changing.take_campaign(request, shop.id, request.POST.get("id", ""))
    except OvertakenError:
        return _page(request, OVERTAKEN)
    return _landed(request, shop.id, problem)


@require_POST
def again(request: Request) -> HttpResponseBase:
    """Write what is set once more where the lake was not given it."""
    shop = _shop(request)
    return _landed(request, shop.id, changing.land_again(shop.id))


def _edited(
    request: Request,
    shop: Shop,
    forms: CampaignForms,
    draft: Draft | None,
    one: models.Campaign | None,
) -> HttpResponseBase:
    problem = ""
    if request.method == "POST" and forms.is_valid():
        given = forms.draft
        if one is not None and given.id != one.campaign_id:
            raise Http404  # the id is what orders name; the form cannot change it
        try:
            told = changing.keep_campaign(request, shop.id, given, seen=forms.seen)
            return _landed(request, shop.id, told)
        except OvertakenError:
            problem = OVERTAKEN if one else "这个编号的活动已经有了，请直接修改它。"
    context = {
        "shop": shop,
        "forms": forms,
        "draft": draft,
        "one": one,
        "problem": problem or forms.problem,
        "phases": list(Phase),
    }
    status = 409 if problem else 200
    return render(request, "settings/campaign.html.j2", context, status=status)


def _page(request: Request, problem: str) -> HttpResponseBase:
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        return render(request, "settings/nothing.html.j2")
    now = timezone.localtime()
    found = campaigns.campaigns_of(shop.id)
    rows = models.Campaign.objects.filter(shop_id=shop.id)
    years = sorted({one.start.astimezone(now.tzinfo).year for one in found})
    year = _year(request, years, now.year)
    of_year = [one for one in found if one.start.astimezone(now.tzinfo).year == year]
    context = {
        "shops": shops,
        "shop": shop,
        "strip": strip(of_year, now),
        "years": years,
        "year": year,
        "now": now,
        "count": countdown(found, now),
        "rows": sorted(((_span(row), row) for row in rows), key=lambda pair: pair[0], reverse=True),
        "views": {one.id: one for one in found},
        "imported": campaigns.imported(shop.id),
        "proposals": campaigns.proposals(shop.id, now),
        "phases": list(Phase),
        "landed": is_landed(shop.id, changing.CAMPAIGNS),
        "problem": problem,
    }
    return render(request, "settings/campaigns.html.j2", context, status=409 if problem else 200)


def _year(request: Request, years: list[int], this: int) -> int:
    """Return the year to draw: the one asked for, this one, else the nearest with a campaign."""
    asked = request.GET.get("year", "")
    if asked in map(str, years):
        return int(asked)
    return min(years, key=lambda year: (abs(year - this), -year), default=this)


def _span(row: models.Campaign) -> tuple[str, str]:
    return (row.windows[0]["start"] if row.windows else "", row.campaign_id)


def _landed(request: Request, shop_id: str, problem: str) -> HttpResponseBase:
    if problem:
        return _page(request, problem)
    return redirect(f"{reverse('settings-campaigns')}?shop={shop_id}")


def _proposed(shop: Shop, id_: str, now: datetime) -> Draft | None:
    return next((one for one in campaigns.proposals(shop.id, now) if one.id == id_), None)


def _shop(request: Request) -> Shop:
    shop = shop_asked(request, shops_of(request))
    if shop is None:
        raise Http404
    return shop
