"""What is read off each morning: platform scores, the meeting's page, promotions."""

import time
from datetime import date

from django.http import Http404
from django.utils import timezone
from ninja import Query, Router, Status

from huisheng.app.analysis import MEASURES, Promotion
from huisheng.app.report import stuck_points
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import filled
from huisheng.app.web.api.routes.overview import points_shown, seen_part
from huisheng.app.web.api.schemas import morning as shapes
from huisheng.app.web.api.schemas.overview import ShopAsked
from huisheng.app.web.api.schemas.parts import instant
from huisheng.app.web.overview import briefing
from huisheng.app.web.overview.forms import ReadingForm
from huisheng.app.web.overview.promotion_page import Compared, countdown
from huisheng.app.web.overview.readings import Reading, keep_reading, readings
from huisheng.app.web.overview.views import (
    BRIEF_POINTS,
    compared_promotion,
    known_promotions,
    promises_due,
)

router = Router(tags=["总览"])
FEN = 100


@router.get("/scores", response=list[shapes.ScoreShown], summary="读下来的平台评分，新的在前")
def scores(request: Request) -> list[Reading]:
    """List the readings of one's shops."""
    request.access.need(Right.SEE_NUMBERS)
    seen = request.access.shops_with(Right.SEE_NUMBERS, library.names()["shops"])
    with library.facts() as facts:
        return readings(facts, seen)


@router.post("/scores", response={201: shapes.ScoreShown}, summary="写下一个平台评分")
def write_score(request: Request, given: shapes.ScoreGiven) -> Status[Reading]:
    """Write one reading down."""
    request.access.need(Right.IMPORT_DATA)
    names = library.names()["shops"]
    own = {shop: names[shop] for shop in request.access.shops_with(Right.IMPORT_DATA, names)}
    if given.shop_id not in own:
        raise Http404
    said = given.model_dump(exclude={"shop_id"}) | {"shop": given.shop_id}
    return Status(201, keep_reading(request, filled(ReadingForm(own.items(), said))))


@router.get("/briefing", response=shapes.Briefing, summary="班前会")
def morning(request: Request, asked: Query[ShopAsked]) -> dict[str, object]:
    """Give the page of the morning meeting."""
    seen = seen_part(request.access, Right.SEE_NUMBERS, asked.shop_id)
    day = briefing.meeting_day(seen)
    return {
        "day": day,
        "points": points_shown(stuck_points(seen["findings"])[:BRIEF_POINTS]),
        "changes": seen["charts"]["changes"],
        "promises": [
            {
                "shop_id": one.shop_id,
                "label": one.label,
                "due": one.due,
                "late": one.late,
                "ids": list(one.ids),
            }
            for one in promises_due(day, seen["shops"])
        ],
        "tips": seen["charts"]["tips"],
    }


@router.get("/promotions", response=list[shapes.PromotionShown], summary="大促，新的在前")
def promotions(request: Request, asked: Query[shapes.PromotionsAsked]) -> list[dict[str, object]]:
    """List the promotions of one's shops."""
    request.access.need(Right.SEE_NUMBERS)
    return [_shown(one) for one in known_promotions(request.access, asked.shop_id)]


@router.get("/promotion", response=shapes.PromotionWhole, summary="一次大促与以前同一时刻比")
def promotion(request: Request, asked: Query[shapes.PromotionAsked]) -> dict[str, object]:
    """Compare a promotion with the one before and with last year."""
    request.access.need(Right.SEE_NUMBERS)
    known, now_us = known_promotions(request.access, asked.shop_id), time.time_ns() // 1000
    named = [one for one in known if one.name == asked.name]
    chosen = next((one for one in named if asked.start in (None, _day(one))), None)
    if chosen is None:
        raise Http404
    return _shown(chosen) | _beside(compared_promotion(chosen, known)) | {
        "countdown": countdown(chosen, now_us)
    }  # fmt: skip


def _day(one: Promotion) -> date:
    return timezone.localdate(instant(one.begin_us))


def _shown(one: Promotion) -> dict[str, object]:
    return {
        "shop_id": one.shop_id,
        "name": one.name,
        "begin": instant(one.begin_us),
        "opens": instant(one.opens_us),
        "end": instant(one.end_us),
        "phases": [
            {"name": each.name, "begin": instant(each.begin_us), "end": instant(each.end_us)}
            for each in one.phases
        ],
    }


def _beside(found: Compared) -> dict[str, object]:
    hours = found.hours
    sums = found.now.so_far(hours) if found.now else ()
    then = [other.so_far(hours) if other else None for _, other in found.others]
    units = [FEN if measure.is_money else 1 for measure in MEASURES]
    funnel = found.funnel
    return {
        "hours": hours,
        "others": [name for name, _ in found.others],
        "measures": [
            {
                "label": MEASURES[index].label,
                "is_money": MEASURES[index].is_money,
                "now": now / units[index],
                "others": [each[index] / units[index] if each else None for each in then],
            }
            for index, now in enumerate(sums)
        ],
        "funnel": None if funnel is None else {
            "deposits": funnel.deposits,
            "finals": funnel.finals,
            "shipped": funnel.shipped,
            "received": funnel.received,
            "deposit_cny": funnel.deposit_fen / FEN,
            "final_cny": funnel.final_fen / FEN,
        },
    }  # fmt: skip
