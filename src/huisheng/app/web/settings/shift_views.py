"""The week of shifts: a grid to write in, last week's copied, a file taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core import signing
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.defused import csv_answer
from huisheng.app.web.settings import bulk, changing, roster, shifts
from huisheng.app.web.settings.hours import NAMES
from huisheng.app.web.settings.landing import is_landed
from huisheng.app.web.settings.paging import page_of
from huisheng.app.web.settings.roster import Person
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, seen_version
from huisheng.app.web.settings.sending import packed_slots, unpacked_slots, uploaded
from huisheng.app.web.settings.shifts import Days, Slot
from huisheng.app.web.settings.shops import Shop, shop_asked, shops_of
from huisheng.errors import BadInputError

STALE = "预览放得太久，或不是在这里做的，请重新上传。"
LONGEST_CELL = 60
EARLIEST, LATEST = date(2000, 1, 3), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Line:
    """One agent's week: the text of each day, and the hours in all."""

    person: Person
    cells: tuple[tuple[str, str], ...]
    hours: float


@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponseBase:
    """Show a week, and keep what was written in it."""
    shops = shops_of(request)
    shop = shop_asked(request, shops)
    if shop is None:
        return render(request, "settings/nothing.html.j2")
    monday = _monday(request)
    if request.method == "GET":
        return _page(request, shops, shop, monday, "")
    try:
        days = _written(request, shop, monday)
        told = changing.keep_week(request, shop.id, monday, days, seen=seen_version(request))
    except BadInputError as exc:
        return _page(request, shops, shop, monday, str(exc), 400)
    except OvertakenError:
        return _page(request, shops, shop, monday, OVERTAKEN, 409)
    return _landed(request, shops, shop, monday, told)


@require_POST
def copy(request: Request) -> HttpResponseBase:
    """Write last week's shifts over a week, for everybody who is still there."""
    shops = shops_of(request)
    shop = _needed(shop_asked(request, shops))
    monday = _monday(request)
    try:
        told = changing.copy_week(request, shop.id, monday, seen=seen_version(request))
    except BadInputError as exc:
        return _page(request, shops, shop, monday, str(exc), 400)
    except OvertakenError:
        return _page(request, shops, shop, monday, OVERTAKEN, 409)
    return _landed(request, shops, shop, monday, told)


@require_POST
def preview(request: Request) -> HttpResponseBase:
    """Show what a file would change; nothing is changed yet."""
    shops = shops_of(request)
    shop = _needed(shop_asked(request, shops))
    agents = {person.agent_id: person for person in roster.people_of(shop.id)}
    try:
        name, content = uploaded(request)
        read = bulk.read_shifts(name, content, frozenset(agents))
    except BadInputError as exc:
        return _page(request, shops, shop, _monday(request), str(exc), 400)
    weeks = {shifts.monday_of(slot.day) for slot in read.slots}
    versions = {monday.isoformat(): shifts.week_version(shop.id, monday) for monday in weeks}
    context = {
        "shop": shop,
        "file": name,
        "slots": [(slot, agents[slot.agent_id].name) for slot in sorted(read.slots)],
        "weeks": sorted(weeks),
        "wrong": read.wrong,
        "packed": packed_slots(shop.id, read.slots, versions),
    }
    return render(request, "settings/shifts_preview.html.j2", context)


@require_POST
def take_file(request: Request) -> HttpResponseBase:
    """Keep what a preview showed: it replaces the days of the agents that it names."""
    shops = shops_of(request)
    shop = _needed(shop_asked(request, shops))
    try:
        slots, versions = unpacked_slots(shop.id, request.POST.get("packed", ""))
    except signing.BadSignature:
        return _page(request, shops, shop, _monday(request), STALE, 400)
    weeks = sorted(date.fromisoformat(text) for text in versions)
    try:
        told = changing.keep_slots(request, shop.id, slots, versions)
    except BadInputError as exc:
        return _page(request, shops, shop, _monday(request), str(exc), 409)
    except OvertakenError:
        return _page(request, shops, shop, _monday(request), OVERTAKEN, 409)
    return _landed(request, shops, shop, weeks[0] if weeks else _monday(request), told)


@require_GET
def template(request: Request) -> HttpResponseBase:
    """Give the template for a list of shifts."""
    shops_of(request)
    return csv_answer("排班.csv", [bulk.SHIFTS_HEADER, bulk.SHIFTS_EXAMPLE])


def _written(request: Request, shop: Shop, monday: date) -> Days:
    """Read the cells of the agents whose lines were shown.

    Raises:
        BadInputError: a cell cannot be read.
    """
    known = {person.agent_id for person in roster.people_of(shop.id)}
    shown = [agent for agent in request.POST.getlist("agent") if agent in known]
    days: dict[tuple[str, date], Sequence[Slot]] = {}
    for agent_id in shown:
        cells = request.POST.getlist(f"day-{agent_id}")
        for n, text in enumerate(cells[:7]):
            day = monday + timedelta(days=n)
            days[agent_id, day] = shifts.read_cell(agent_id, day, text[:LONGEST_CELL])
    return days


def _landed(
    request: Request, shops: list[Shop], shop: Shop, monday: date, problem: str
) -> HttpResponseBase:
    if problem:
        return _page(request, shops, shop, monday, problem, 503)
    address = f"{reverse('settings-shifts')}?shop={shop.id}&week={monday.isoformat()}"
    return redirect(address)


def _page(
    request: Request, shops: list[Shop], shop: Shop, monday: date, problem: str, status: int = 200
) -> HttpResponseBase:
    people = roster.on_duty(shop.id)
    page = page_of(request, people)
    slots = shifts.slots_of(shop.id, monday)
    version = shifts.week_version(shop.id, monday)
    days = [monday + timedelta(days=n) for n in range(7)]
    given = request.POST if problem and status == 400 else None
    context = {
        "shops": shops,
        "shop": shop,
        "monday": monday,
        "before": monday - shifts.WEEK,
        "after": monday + shifts.WEEK,
        "days": [(NAMES[n], day, _on_day(slots, day)) for n, day in enumerate(days)],
        "page": page,
        "lines": [_line(person, slots, days, given) for person in page.rows],
        "version": version,
        "from_import": not version and bool(slots),
        "landed": is_landed(shop.id, changing.week_part(monday)),
        "problem": problem,
    }
    return render(request, "settings/shifts.html.j2", context, status=status)


def _line(person: Person, slots: list[Slot], days: list[date], given: QueryDict | None) -> Line:
    mine = [slot for slot in slots if slot.agent_id == person.agent_id]
    written = given.getlist(f"day-{person.agent_id}") if given is not None else []
    cells = tuple(
        (
            day.isoformat(),
            written[n]
            if n < len(written)
            else ", ".join(slot.text for slot in mine if slot.day == day),
        )
        for n, day in enumerate(days)
    )
    hours = sum((slot.end - slot.start).total_seconds() for slot in mine) / 3600
    return Line(person, cells, hours)


def _on_day(slots: list[Slot], day: date) -> int:
    return len({slot.agent_id for slot in slots if slot.day == day})


def _monday(request: Request) -> date:
    text = request.POST.get("week") or request.GET.get("week", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = timezone.localdate()
    return shifts.monday_of(min(max(day, EARLIEST), LATEST))


def _needed(shop: Shop | None) -> Shop:
    if shop is None:
        raise Http404
    return shop
