"""The page on which platform scores are written down and followed."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.overview.forms import ReadingForm
from huisheng.app.web.overview.readings import keep_reading, readings
from huisheng.errors import HuishengError


@require_http_methods(["GET", "POST"])
def scores(request: Request) -> HttpResponseBase:
    """List the readings of one's shops; who may import may write one down."""
    request.access.need(Right.SEE_NUMBERS)
    names = library.names()["shops"]
    seen = request.access.shops_with(Right.SEE_NUMBERS, names)
    own = [(shop, names[shop]) for shop in request.access.shops_with(Right.IMPORT_DATA, names)]
    problem = ""
    form = ReadingForm(own, request.POST or None) if request.POST else _empty(own)
    if request.method == "POST" and form.is_valid():
        try:
            keep_reading(request, form)
        except HuishengError as error:
            problem = str(error)
        else:
            return redirect("scores")
    with library.facts() as facts:
        found = readings(facts, seen)
    context = {"form": form, "may_write": bool(own), "problem": problem}
    context |= {"readings": found, "shop_names": names}
    return render(request, "overview/scores.html.j2", context, status=400 if form.errors else 200)


def _empty(own: list[tuple[str, str]]) -> ReadingForm:
    form = ReadingForm(own)
    form.initial = {"taken_on": timezone.localdate()}
    return form
