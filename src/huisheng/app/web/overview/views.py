"""The pages a service manager opens each morning: state, briefing, promotion."""

import time
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from huisheng.app.analysis import Promotion, promotions, running, seen_until
from huisheng.app.report import Document
from huisheng.app.report.page import Page, build_page
from huisheng.app.report.part_charts import Tile, treemap
from huisheng.app.report.points import stuck_points
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.findings.states import states_of
from huisheng.app.web.overview import badge, briefing, promotion_page
from huisheng.app.web.overview.last_day import LastDay, last_day
from huisheng.app.web.overview.promises import Promise, promises
from huisheng.app.web.overview.promotion_page import Compared, PromotionPage, compare
from huisheng.app.web.overview.since import Since, since_last_run
from huisheng.app.web.remembered import remembered
from huisheng.app.web.seen import document_for
from huisheng.metrics import Window

TOP_POINTS = 5
BRIEF_POINTS = 3
MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """All of the overview that depends on the run alone."""

    page: Page
    last_day: LastDay
    since: Since | None
    badges: list[badge.BadgeView]
    scores: list[badge.ScoreView]
    tiles: list[Tile]


@require_GET
def overview(request: Request) -> HttpResponseBase:
    """Show the state of the shops: metrics against their lines, stuck points, whose they are."""
    document = library.document()
    if not request.access.may(Right.SEE_NUMBERS):
        return redirect("findings" if request.access.may(Right.SEE_FINDINGS) else "words")
    if document is None:
        return render(request, "overview/empty.html.j2")
    seen, frame = _frame(request, document)
    drawn = remembered(("overview", *_eyes(seen)), lambda: _drawn(seen))
    context = {
        **frame,
        **_points(drawn.page, TOP_POINTS),
        "may_export": request.access.may(Right.EXPORT),
        "drawn": drawn,
    }
    return render(request, "overview/overview.html.j2", context)


@require_GET
def morning(request: Request) -> HttpResponseBase:
    """Show the one page for the morning meeting, made to be printed."""
    request.access.need(Right.SEE_NUMBERS)
    document = library.document()
    if document is None:
        return render(request, "overview/empty.html.j2")
    seen, frame = _frame(request, document)
    day = briefing.meeting_day(seen)
    due = promises_due(day, seen["shops"])
    context = {
        **frame,
        **_points(build_page(seen), BRIEF_POINTS),
        "day": briefing.day_name(seen),
        "last_day": last_day(seen),
        "badges": badge.badge_views(seen),
        "promises": briefing.promise_views(due, seen),
        "tips": briefing.tip_views(seen),
    }
    return render(request, "overview/briefing.html.j2", context)


@require_GET
def promotion(request: Request) -> HttpResponseBase:
    """Show a promotion against the same hours of the one before and of last year."""
    request.access.need(Right.SEE_NUMBERS)
    document = library.document()
    if document is None:
        return render(request, "overview/empty.html.j2")
    _, frame = _frame(request, document)
    now_us = time.time_ns() // 1000
    known = known_promotions(request.access, str(frame["shop_id"]))
    asked = (request.GET.get("begin", ""), request.GET.get("name", ""))
    named = (each for each in known if (str(each.begin_us), each.name) == asked)
    chosen = next(named, running(known, now_us))
    if chosen is None:
        return render(request, "overview/no_promotion.html.j2", frame)
    minute = now_us // MINUTE_US
    page = remembered(("promotion", chosen, minute), lambda: _promotion(chosen, known, now_us))
    context = {**frame, "promotion": page, "chosen": chosen, "known": known}
    return render(request, "overview/promotion.html.j2", context)


def _eyes(seen: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what tells one person's part of a run from another's."""
    return tuple(seen["shops"]), tuple(finding["id"] for finding in seen["findings"])


def _drawn(seen: Document) -> Drawn:
    return Drawn(
        build_page(seen),
        last_day(seen),
        since_last_run(seen),
        badge.badge_views(seen),
        badge.score_views(seen),
        treemap(stuck_points(seen["findings"]), seen["names"]["departments"]),
    )


def promises_due(day: date, shops: list[str]) -> list[Promise]:
    """Return what some shops promised for a day and have not yet done."""
    return remembered(("promises", day, tuple(shops)), lambda: _due(day, shops))


def _due(day: date, shops: list[str]) -> list[Promise]:
    with library.facts() as facts:
        return promises(facts, Window(day, day, facts.offset_us), shops)


def known_promotions(access: Access, shop_id: str) -> list[Promotion]:
    """Return the promotions that somebody may see, of one shop where it is named; latest first."""
    return [
        each
        for each in remembered("promotions", _promotions)
        if access.may(Right.SEE_NUMBERS, each.shop_id) and shop_id in ("", each.shop_id)
    ]


def compared_promotion(chosen: Promotion, known: list[Promotion]) -> Compared:
    """Compare a promotion with the others of its shop."""
    same_shop = [each for each in known if each.shop_id == chosen.shop_id]
    with library.facts() as facts:
        return compare(facts, chosen, same_shop, seen_until(facts, chosen.shop_id))


def _promotions() -> list[Promotion]:
    with library.facts() as facts:
        return promotions(facts)


def _promotion(chosen: Promotion, known: list[Promotion], now_us: int) -> PromotionPage:
    same_shop = [each for each in known if each.shop_id == chosen.shop_id]
    with library.facts() as facts:
        seen_us = seen_until(facts, chosen.shop_id)
        return promotion_page.build(facts, chosen, same_shop, now_us, seen_us)


def _frame(request: Request, document: Document) -> tuple[Document, dict[str, object]]:
    """Return what the person may see of a run, and what the head of each page needs."""
    allowed = request.access.shops_with(Right.SEE_NUMBERS, document["shops"])
    asked = request.GET.get("shop", "")
    shop_id = asked if asked in allowed else ""
    names = document["names"]["shops"]
    shops = [(shop, names.get(shop, shop)) for shop in allowed]
    seen = document_for(document, request.access, shop_id)
    return seen, {"shops": shops, "shop_id": shop_id, "shop_names": names}


def _points(page: Page, shown: int) -> dict[str, object]:
    return {
        "page": page,
        "points": page.points[:shown],
        "more_points": max(0, len(page.points) - shown),
        "states": states_of([point.first.id for point in page.points[:shown]]),
    }
