"""Who asks, their shops, the state of the shops, the report."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse, HttpResponseBase
from ninja import Query, Router

from huisheng.app.report import Document, render_json, stuck_points
from huisheng.app.report.points import StuckPoint
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.once import token_of
from huisheng.app.web.api.routes.asking import current_run
from huisheng.app.web.api.schemas import overview as shapes
from huisheng.app.web.api.schemas.people import Me, ShopRights
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.findings.states import states_of
from huisheng.app.web.overview.since import since_last_run
from huisheng.app.web.seen import document_for

router = Router(tags=["总览"])
TOP_POINTS = 20


@router.get("/me", response=Me, summary="这个令牌是谁的，能做什么")
def me(request: Request) -> dict[str, object]:
    """Say who asks, and what they may do where."""
    token = token_of(request)
    return {
        "person": request.user,
        "token": {
            "name": token.name,
            "prefix": token.prefix,
            "rights": sorted(token.held_rights),
            "expires_at": token.expires_at,
        },
        "shops": _shops(request.access),
    }


@router.get("/shops", response=list[ShopRights], summary="这个令牌看得到的店铺")
def shops(request: Request) -> list[dict[str, object]]:
    """List the shops in which anything may be done."""
    return _shops(request.access)


@router.get("/overview", response=shapes.Overview, summary="总览：指标卡片、最要紧的卡点")
def overview(request: Request, asked: Query[shapes.ShopAsked]) -> dict[str, object]:
    """Give the state of the shops."""
    seen = seen_part(request.access, Right.SEE_NUMBERS, asked.shop_id)
    points = stuck_points(seen["findings"])[:TOP_POINTS]
    cards = [
        {**card, "trend": [{"day": day, "value": value} for day, value in card["trend"]]}
        for card in seen["charts"]["cards"]
    ]
    return {
        "period": seen["period"],
        "compared_with": seen["compared_with"],
        "shops": seen["shops"],
        "cards": cards,
        "departments": seen["charts"]["departments"],
        "last_day": seen["charts"]["last_day"],
        "changes": seen["charts"]["changes"],
        "badges": seen["charts"]["badges"],
        "scores": [
            {**score, "points": [{"day": day, "value": value} for day, value in score["points"]]}
            for score in seen["charts"]["scores"]
        ],
        "tips": seen["charts"]["tips"],
        "since": since_last_run(seen),
        "points": points_shown(points),
    }


@router.get(
    "/report", response=shapes.Report, by_alias=True, summary="整份报告（与命令行导出的 JSON 相同）"
)
def report(request: Request, asked: Query[shapes.ShopAsked]) -> HttpResponseBase:
    """Give the report as the file has it."""
    seen = seen_part(request.access, Right.EXPORT, asked.shop_id)
    note(request, Act.EXPORTED, "报告 JSON", asked.shop_id)
    return HttpResponse(render_json(seen), content_type="application/json; charset=utf-8")


def seen_part(access: Access, right: Right, shop_id: str) -> Document:
    """Return the part of the run in which somebody has a right besides seeing numbers.

    Raises:
        PermissionDenied: they have it nowhere.
        UnknownNameError: there is no run yet.
        Http404: not in the shop that is named.
    """
    access.need(right)
    access.need(Right.SEE_NUMBERS)
    document = current_run()
    allowed = access.shops_with(right, access.shops_with(Right.SEE_NUMBERS, document["shops"]))
    if not allowed or shop_id not in ("", *allowed):
        raise Http404
    return document_for(document, access.within(frozenset(Right), allowed), shop_id)


def points_shown(points: Sequence[StuckPoint]) -> list[dict[str, object]]:
    """Return stuck points as the API tells them, with what was decided."""
    states = states_of(point.first["id"] for point in points)
    return [
        {
            "rank": point.rank,
            "finding_id": point.first["id"],
            "title": point.first["title"],
            "shop_id": point.first["shop_id"],
            "department": point.first["department"],
            "affected": point.affected,
            "cny": point.cny,
            "state": states[point.first["id"]].state,
            "facets": len(point.facets),
        }
        for point in points
    ]


def _shops(access: Access) -> list[dict[str, object]]:
    document = library.document()
    names = library.names()["shops"]
    known = dict.fromkeys([*(document["shops"] if document else ()), *access.scopes])
    scopes = [(shop_id, access.scope(shop_id)) for shop_id in known]
    return [
        {
            "shop_id": shop_id,
            "name": names.get(shop_id, shop_id),
            "role": scope.role.label,
            "rights": sorted(scope.rights),
        }
        for shop_id, scope in scopes
        if scope is not None and scope.rights
    ]
