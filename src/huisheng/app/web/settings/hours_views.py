"""When a shop works: blocks by weekday, days off, days worked out of turn."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.settings import changing, hours
from huisheng.app.web.settings.hours import Written
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.models import ShopProfile
from huisheng.app.web.settings.month import months_from
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, seen_version
from huisheng.app.web.settings.shops import Shop, shop_asked, shops_of
from huisheng.errors import DefinitionError
from huisheng.metrics import OFFICE_HOURS
from huisheng.worktime import Calendar, parse_calendar

MONTHS_SHOWN = 3


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponseBase:
    """Show a shop's calendar and keep a changed one."""
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        return render(request, "settings/nothing.html.j2")
    if request.method == "POST":
        return _keep(request, shops, shop)
    written = _with_holidays(request, known(shop))
    return _page(request, shops, shop, written, "")


@require_POST
def forget(request: Request) -> HttpResponseBase:
    """Go back to what is assumed without a calendar."""
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        raise Http404
    try:
        problem = changing.forget_hours(request, shop.id, seen=seen_version(request))
    except OvertakenError:
        problem = OVERTAKEN
    return _kept(request, shops, shop, problem)


def _keep(request: Request, shops: list[Shop], shop: Shop) -> HttpResponseBase:
    written = _given(request)
    try:
        problem = changing.keep_hours(request, shop.id, written, seen=seen_version(request))
    except DefinitionError as exc:
        return _page(request, shops, shop, written, exc.problem)
    except OvertakenError:
        return _page(request, shops, shop, written, OVERTAKEN)
    return _kept(request, shops, shop, problem)


def _kept(request: Request, shops: list[Shop], shop: Shop, problem: str) -> HttpResponseBase:
    if problem:
        return _page(request, shops, shop, known(shop), problem)
    return redirect(f"{reverse('settings-calendar')}?shop={shop.id}")


def _page(
    request: Request, shops: list[Shop], shop: Shop, written: Written, problem: str
) -> HttpResponseBase:
    profile = ShopProfile.objects.filter(shop_id=shop.id).first()
    calendar = calendar_set(shop)
    context = {
        "shops": shops,
        "shop": shop,
        "written": written,
        "names": list(zip(hours.DAYS, hours.NAMES, written.week, strict=True)),
        "version": profile.version if profile else 0,
        "is_set": profile is not None and profile.calendar is not None,
        "is_imported": (profile is None or profile.calendar is None) and calendar is not None,
        "years": list(hours.years_off().values()),
        "months": months_from(calendar or OFFICE_HOURS, timezone.localdate(), MONTHS_SHOWN),
        "landed": is_landed(shop.id, changing.SHOPS),
        "problem": problem,
    }
    status = 200 if not problem else 409 if problem == OVERTAKEN else 400
    return render(request, "settings/calendar.html.j2", context, status=status)


def calendar_set(shop: Shop) -> Calendar | None:
    """Return the calendar that metrics use: the one set here, else one that was imported."""
    profile = ShopProfile.objects.filter(shop_id=shop.id).first()
    if profile is not None and profile.calendar is not None:
        return parse_calendar(profile.calendar)
    with library.facts() as facts:
        return facts.calendars.get(shop.id)


def known(shop: Shop) -> Written:
    """Return a shop's calendar as text, the assumed one where it has none."""
    calendar = calendar_set(shop)
    return hours.OFFICE if calendar is None else hours.written_of(calendar)


def _with_holidays(request: Request, written: Written) -> Written:
    asked = request.GET.get("fill", "")
    year = next((one for n, one in hours.years_off().items() if str(n) == asked), None)
    return hours.with_year(written, year) if year else written


def _given(request: Request) -> Written:
    return Written(
        tuple(request.POST.get(day, "")[:200] for day in hours.DAYS),
        request.POST.get("holidays", "")[:20_000],
        request.POST.get("extra_days", "")[:20_000],
    )
