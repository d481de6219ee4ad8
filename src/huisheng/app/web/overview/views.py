"""The page a service manager opens each morning."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from huisheng.app.report.page import build_page
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.findings.states import states_of
from huisheng.app.web.seen import document_for

TOP_POINTS = 5


@require_GET
def overview(request: Request) -> HttpResponseBase:
    """Show the state of the shops: metrics against their lines, stuck points, whose they are."""
    document = library.document()
    if not request.access.may(Right.SEE_NUMBERS):
        return redirect("findings" if request.access.may(Right.SEE_FINDINGS) else "words")
    if document is None:
        return render(request, "overview/empty.html.j2")
    shop_id = request.GET.get("shop", "")
    allowed = request.access.shops_with(Right.SEE_NUMBERS, document["shops"])
    seen = document_for(document, request.access, shop_id if shop_id in allowed else "")
    page = build_page(seen)
    context = {
        "page": page,
        "points": page.points[:TOP_POINTS],
        "more_points": max(0, len(page.points) - TOP_POINTS),
        "states": states_of([point.first.id for point in page.points[:TOP_POINTS]]),
        "shops": [(shop, document["names"]["shops"].get(shop, shop)) for shop in allowed],
        "shop_id": shop_id if shop_id in allowed else "",
    }
    return render(request, "overview/overview.html.j2", context)
