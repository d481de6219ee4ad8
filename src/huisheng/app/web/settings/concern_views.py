"""The merchant's own concerns: listed, added, changed, split, merged, retired, and tried before."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.settings import changing
from huisheng.app.web.settings.concerning import (
    Preview,
    book,
    concern_of,
    labelled_edition,
    parts_of,
    preview,
    written_by,
)
from huisheng.app.web.settings.saving import OVERTAKEN, OvertakenError, seen_version
from huisheng.app.web.settings.shops import everywhere, need_everywhere
from huisheng.app.web.voices import chosen
from huisheng.errors import BadInputError
from huisheng.language import ACTS, Change, Concern, taxonomy

FIELDS = ("label", "aspect", "words", "examples", "unlike", "categories")
PARTS = 4
"""Parts that the form for a split offers besides the rest."""
LONGEST_WHY = 200
LONGEST_BEGUN = {"label": 20, "aspect": 20, "words": 200}
"""Characters that the address of the form may give for a field."""


@require_GET
def page(request: Request) -> HttpResponseBase:
    """Show the concerns in use and every change that made them."""
    request.access.need(Right.CHANGE_SETTINGS)
    return _page(request, "", 200)


@require_http_methods(["GET", "POST"])
def one(request: Request) -> HttpResponseBase:
    """Add a concern, or change one; `try` shows what it would find and keeps nothing.

    The address may begin a new one: `label`, `aspect`, `words`; nothing is kept before it is sent.
    """
    need_everywhere(request)
    known = _known(request) if _asked(request) else None
    if request.method != "POST":
        return _form(request, known, _filled(known) if known else _begun(request), "", 200)
    given = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        id_ = known.id if known else book().book.next_ids(1)[0]
        made = written_by(
            request, "change" if known else "add", [concern_of(id_, given)], (), _why(request)
        )
        if request.POST.get("what") == "try":
            return _form(request, known, given, "", 200, _tried(request, made))
        changing.change_concerns(request, made, seen=seen_version(request))
    except OvertakenError:
        return _form(request, known, given, OVERTAKEN, 409)
    except BadInputError as exc:
        return _form(request, known, given, str(exc), 400)
    return redirect("settings-concerns")


@require_http_methods(["GET", "POST"])
def split(request: Request) -> HttpResponseBase:
    """Split a concern into parts and a rest, which together have just what it had."""
    need_everywhere(request)
    whole = _known(request)
    if request.method != "POST":
        return _split(request, whole, [], "", 200)
    labels, words = request.POST.getlist("label"), request.POST.getlist("words")
    if len(labels) != len(words) or len(labels) > PARTS:
        raise Http404
    ids = book().book.next_ids(PARTS + 1)

    def made() -> Change:
        parts = parts_of(whole, ids, labels, words)
        return written_by(request, "split", parts, [whole.id], _why(request))

    problem, status = _kept(request, made)
    if problem:
        return _split(request, whole, list(zip(labels, words, strict=True)), problem, status)
    return redirect("settings-concerns")


@require_POST
def merge(request: Request) -> HttpResponseBase:
    """Merge concerns into a new one, which has all that they had."""
    need_everywhere(request)
    ids = request.POST.getlist("id")
    found = book().book

    def made() -> Change:
        given = {"label": request.POST.get("label", ""), "aspect": request.POST.get("aspect", "")}
        merged = concern_of(found.next_ids(1)[0], given)
        return written_by(request, "merge", [merged], ids, _why(request))

    return _listed(request, *_kept(request, made))


@require_POST
def retire(request: Request) -> HttpResponseBase:
    """Retire concerns: they stay on record and are found no more."""
    need_everywhere(request)

    def made() -> Change:
        return written_by(request, "retire", [], request.POST.getlist("id"), _why(request))

    return _listed(request, *_kept(request, made))


def _kept(request: Request, made: Callable[[], Change]) -> tuple[str, int]:
    """Keep a change; return why that cannot be and the status of saying so."""
    try:
        changing.change_concerns(request, made(), seen=seen_version(request))
    except OvertakenError:
        return OVERTAKEN, 409
    except BadInputError as exc:
        return str(exc), 400
    return "", 200


def _listed(request: Request, problem: str, status: int) -> HttpResponseBase:
    return _page(request, problem, status) if problem else redirect("settings-concerns")


def _page(request: Request, problem: str, status: int) -> HttpResponseBase:
    found = book()
    live = [found.book.defined[id_] for id_ in found.book.live]
    aspects = taxonomy().aspects
    groups = {
        aspects[id_]: [one for one in live if one.aspect == id_]
        for id_ in aspects
        if any(one.aspect == id_ for one in live)
    }
    context = {
        "groups": groups,
        "live": live,
        "edition": found.book.edition,
        "labelled": labelled_edition(),
        "rests": found.book.rests,
        "ledger": [(n, change) for n, change in enumerate(found.changes, start=1)][::-1],
        "acts": ACTS,
        "names": {id_: one.label for id_, one in found.book.defined.items()},
        "aspects": aspects,
        "departments": taxonomy().departments,
        "may_change": everywhere(request),
        "problem": problem,
    }
    return render(request, "settings/concerns.html.j2", context, status=status)


def _form(
    request: Request,
    known: Concern | None,
    given: Mapping[str, str],
    problem: str,
    status: int,
    tried: Preview | None = None,
) -> HttpResponseBase:
    context = {
        "one": known,
        "given": given,
        "why": request.POST.get("why", ""),
        "edition": request.POST.get("version") or book().book.edition,
        "is_rest": known is not None and known.id in book().book.rests,
        "aspects": taxonomy().aspects,
        "problem": problem,
        "tried": tried,
    }
    return render(request, "settings/concern.html.j2", context, status=status)


def _split(
    request: Request, whole: Concern, given: list[tuple[str, str]], problem: str, status: int
) -> HttpResponseBase:
    context = {
        "one": whole,
        "parts": [*given, *[("", "")] * PARTS][:PARTS],
        "why": request.POST.get("why", ""),
        "edition": request.POST.get("version") or book().book.edition,
        "problem": problem,
    }
    return render(request, "settings/concern_split.html.j2", context, status=status)


def _tried(request: Request, made: Change) -> Preview | None:
    """Return what a change would find in the shops whose conversations a person may read."""
    document = library.document()
    found = book().book
    if document is None:
        raise BadInputError("试一试", "还没有分析过数据", "请先导入数据并分析一次")
    shops = request.access.shops_with(Right.SEE_CONVERSATIONS, document["shops"])
    with library.facts() as facts:
        period = chosen.window_of(document, facts, None, None)
        tried = preview(facts, shops, period, found, made)
    note(request, Act.LOOKED, f"试关注点：{len(tried.shown)} 处原话")
    return tried


def _asked(request: Request) -> str:
    return request.POST.get("id") or request.GET.get("id") or ""


def _known(request: Request) -> Concern:
    found = book().book
    if _asked(request) not in found.live:
        raise Http404
    return found.defined[_asked(request)]


def _begun(request: Request) -> dict[str, str]:
    """Return the form of a new concern with what the address gives for it."""
    given = {name: request.GET.get(name, "")[:most] for name, most in LONGEST_BEGUN.items()}
    return {**dict.fromkeys(FIELDS, ""), **given}


def _filled(known: Concern) -> dict[str, str]:
    return {
        "label": known.label,
        "aspect": known.aspect,
        "words": "\n".join(known.words),
        "examples": "\n".join(known.examples),
        "unlike": "\n".join(known.unlike),
        "categories": "、".join(known.categories),
    }


def _why(request: Request) -> str:
    return request.POST.get("why", "").strip()[:LONGEST_WHY]
