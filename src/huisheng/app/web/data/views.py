"""Hand over files; take templates for what no export covers."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.data.blanks import all_blanks, header_of
from huisheng.app.web.data.forms import UploadForm
from huisheng.app.web.data.handover import enqueue_import, receive
from huisheng.app.web.data.missing import all_exports, missing_exports
from huisheng.app.web.data.progress import jobs_of
from huisheng.app.web.data.receiving import MOST_FILE_BYTES, Receiver
from huisheng.app.web.data.shops import Shop, chosen, everywhere, shops_of
from huisheng.app.web.data.watched import may_watch
from huisheng.app.web.defused import csv_answer

RECENT, TOP_MISSING = 8, 6


@require_GET
def front(request: Request) -> HttpResponseBase:
    """Show where files go in, what is under way, and what is missing today."""
    request.access.need(Right.IMPORT_DATA)
    shops = shops_of(request.access)
    form = UploadForm(shops, may_add=everywhere(request.access))
    form.initial = {"shop": request.GET.get("shop", shops[0].id if shops else ""), "analyze": True}
    return _front(request, shops, form, [])


@csrf_exempt
@require_POST
def upload(request: Request) -> HttpResponseBase:
    """Take files and make an import job of them."""
    request.access.need(Right.IMPORT_DATA)
    return receive(request, "", _make_import)


def _make_import(request: Request, upload: str, receiver: Receiver) -> HttpResponseBase:
    shops = shops_of(request.access)
    form = UploadForm(shops, may_add=everywhere(request.access), data=request.POST)
    problems = list(receiver.refused)
    if not receiver.received and not problems:
        problems.append("请先选择文件")
    if not form.is_valid() or not receiver.received:
        return _front(request, shops, form, problems)
    job = enqueue_import(
        request, upload, form.shop_id, receiver, analyze=form.cleaned_data["analyze"]
    )
    return _to(request, reverse("data-job", args=[job.pk]))


@require_GET
def blanks(request: Request) -> HttpResponseBase:
    """List the canonical tables with what their columns mean."""
    request.access.need(Right.IMPORT_DATA)
    context = {"blanks": all_blanks(), "exports": all_exports()}
    return render(request, "data/blanks.html.j2", context)


@require_GET
def blank(request: Request, table: str) -> HttpResponseBase:
    """Give the header of one canonical table as CSV."""
    request.access.need(Right.IMPORT_DATA)
    header = header_of(table)
    if header is None:
        raise Http404
    note(request, Act.EXPORTED, f"下载模板 {table}.csv")
    return csv_answer(f"{table}.csv", [header])


def _front(
    request: Request, shops: list[Shop], form: UploadForm, problems: list[str]
) -> HttpResponseBase:
    shop = chosen(shops, str(form["shop"].value() or ""))
    missing = missing_exports(shop) if shop else []
    context = {
        "form": form,
        "shops": shops,
        "shop_names": {shop.id: shop.name for shop in shops},
        "may_add": everywhere(request.access),
        "may_watch": may_watch(request.access),
        "problems": problems,
        "jobs": jobs_of(request.access)[:RECENT],
        "missing": [one for one in missing if one.problem][:TOP_MISSING],
        "missing_count": sum(bool(one.problem) for one in missing),
        "missing_shop": shop,
        "most_gb": MOST_FILE_BYTES >> 30,
    }
    return render(request, "data/front.html.j2", context)


def _to(request: Request, address: str) -> HttpResponseBase:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
