"""The numbers that no source settles: seen by all who set, changed by who sets for every shop."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.assumptions import chosen
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.settings import changing
from huisheng.app.web.settings.assuming import is_published, standings
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, seen_version
from huisheng.app.web.settings.shops import everywhere, need_everywhere
from huisheng.errors import BadInputError
from huisheng.metrics import all_assumptions

LONGEST_WHY = 300


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show every assumption with its default, its value and its history."""
    request.access.need(Right.CHANGE_SETTINGS)
    return _page(request, "", "", 200)


@require_POST
def set_one(request: Request, assumption_id: str) -> HttpResponseBase:
    """Change one assumption, or return to its default."""
    need_everywhere(request)
    if assumption_id not in all_assumptions():
        raise Http404
    declared = all_assumptions()[assumption_id][0]
    back = request.POST.get("default") == "1"
    why = request.POST.get("why", "").strip()[:LONGEST_WHY]
    try:
        value = None if back else _whole(declared.label, request.POST.get("value", ""))
        seen = seen_version(request)
        problem = changing.change_assumption(request, assumption_id, value, why, seen=seen)
    except OvertakenError:
        return _page(request, assumption_id, OVERTAKEN, 409)
    except BadInputError as exc:
        return _page(request, assumption_id, str(exc), 400)
    return _published(request, assumption_id, problem)


@require_POST
def again(request: Request) -> HttpResponseBase:
    """Publish once more what is set."""
    return _published(request, "", changing.publish_again(request))


def _published(request: Request, assumption_id: str, problem: str) -> HttpResponseBase:
    if problem:
        return _page(request, assumption_id, problem, 503)
    return redirect("settings-assumptions")


def _page(request: Request, wrong: str, problem: str, status: int) -> HttpResponseBase:
    found = standings()
    groups: dict[str, list[object]] = {}
    for one in found:
        groups.setdefault(one.metric_id, []).append(one)
    context = {
        "groups": groups,
        "changed": sum(one.is_changed for one in found),
        "may_change": everywhere(request),
        "published": is_published(),
        "run_is_old": _run_is_old(),
        "wrong": wrong,
        "problem": problem,
    }
    return render(request, "settings/assumptions.html.j2", context, status=status)


def _run_is_old() -> bool:
    """Return whether the run that overview and report show assumed otherwise."""
    document = library.document()
    if document is None or not is_published():
        return False
    then = {one["id"]: one["value"] for one in document["method"].get("assumptions", [])}
    return then != dict(chosen(library.workspace()))


def _whole(label: str, text: str) -> int:
    """Read a whole number.

    Raises:
        BadInputError: it is none.
    """
    if text.isascii() and text.isdigit() and len(text) <= len(str(10**6)):
        return int(text)
    raise BadInputError(label, f"「{text[:20]}」不是整数", "请填一个整数")
