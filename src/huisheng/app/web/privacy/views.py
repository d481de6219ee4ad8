"""A buyer asks to see or to erase what is kept of them."""

from datetime import datetime

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.privacy import requests
from huisheng.app.web.privacy.forms import EraseForm, FindForm
from huisheng.app.web.privacy.models import SubjectRequest
from huisheng.app.web.privacy.traces import erasures_of
from huisheng.records import all_tables

RECENT = 50
OUTSIDE = {"quotes": "引用的原话", "rejected": "隔离行", "judgements": "标注"}


@require_GET
def front(request: Request) -> HttpResponseBase:
    """Say what is kept of buyers, and show their requests."""
    request.access.need(Right.HANDLE_PRIVACY)
    return _front(request, FindForm(requests.shops_of(request)), "")


@require_POST
def find(request: Request) -> HttpResponseBase:
    """Find a buyer; what was typed is turned into a pseudonym and forgotten."""
    request.access.need(Right.HANDLE_PRIVACY)
    form = FindForm(requests.shops_of(request), request.POST)
    if not form.is_valid():
        return _front(request, form, "")
    made = requests.find_subject(request, form)
    if made is None:
        return _front(request, FindForm(requests.shops_of(request)), requests.NOT_FOUND)
    return redirect("privacy-request", made.pk)


@require_GET
def page(request: Request, request_id: int) -> HttpResponseBase:
    """Show what is kept of one buyer now, and what can be done."""
    return _page(request, requests.asked_for(request, request_id), EraseForm())


@require_GET
def progress(request: Request, request_id: int) -> HttpResponseBase:
    """Give the part of the page that changes while a buyer is erased."""
    asked = requests.asked_for(request, request_id)
    context = {"asked": asked, "job": requests.erasure_of(asked), "labels": _labels()}
    return render(request, "privacy/progress.html.j2", context)


@require_POST
def export(request: Request, request_id: int) -> HttpResponseBase:
    """Give all rows about a buyer as a ZIP."""
    return requests.hand_over(request, requests.asked_for(request, request_id))


@require_POST
def erase(request: Request, request_id: int) -> HttpResponseBase:
    """Make a job that erases a buyer; asked twice, it is made once."""
    asked = requests.asked_for(request, request_id)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    requests.ask_erasure(request, asked)
    return redirect("privacy-request", asked.pk)


def _labels() -> dict[str, str]:
    return {name: table.label for name, table in all_tables().items()} | OUTSIDE


def runs_lost() -> list[dict[str, object]]:
    """Return the runs that cannot be made again, each with the instant of the erasure."""
    found = erasures_of(library.workspace())
    return [{**run, "at": datetime.fromisoformat(str(run["at"]))} for run in found]


def _front(request: Request, form: FindForm, problem: str) -> HttpResponseBase:
    shops = requests.shops_of(request)
    found = SubjectRequest.objects.filter(shop_id__in=shops).select_related("asked_by")
    everywhere = request.access.may(Right.HANDLE_PRIVACY, "*")
    context = {
        "form": form,
        "problem": problem,
        "shops": shops,
        "requests": found[:RECENT],
        "runs": runs_lost() if everywhere else [],
        "everywhere": everywhere,
    }
    return render(request, "privacy/front.html.j2", context)


def _page(request: Request, asked: SubjectRequest, form: EraseForm) -> HttpResponseBase:
    counts = requests.counts_now(asked)
    context = {
        "asked": asked,
        "shop": requests.shops_of(request).get(asked.shop_id, asked.shop_id),
        "counts": counts,
        "total": sum(counts.values()),
        "labels": _labels(),
        "form": form,
        "job": requests.erasure_of(asked),
    }
    return render(request, "privacy/request.html.j2", context)
