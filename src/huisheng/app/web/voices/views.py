"""From a ranking to the words behind it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from huisheng.app.report import Document
from huisheng.app.report.amounts import long_span
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.remembered import remembered
from huisheng.app.web.voices import chosen
from huisheng.app.web.voices.forms import AskForm, PeriodForm
from huisheng.app.web.voices.lines import TABLES
from huisheng.app.web.voices.listing import (
    PAGE,
    Found,
    Judged,
    Question,
    judged_labels,
    one_page,
    products_of,
)
from huisheng.app.web.voices.part import Source, Stretch
from huisheng.app.web.voices.rankings import rankings
from huisheng.app.web.voices.reach import Reach, reach_of
from huisheng.app.web.voices.showing import shown_units
from huisheng.app.web.voices.tags import POLAR, SHOWN, names_of
from huisheng.metrics import Facts, Window

NOT_YET = "overview/empty.html.j2"
NOTHING = Found((), 0, 0)


@require_GET
def ranked(request: Request) -> HttpResponseBase:
    """Rank what buyers speak of over a period, for a shop and a product."""
    if not request.access.may(Right.SEE_NUMBERS):
        request.access.need(Right.SEE_CONVERSATIONS)
        return redirect("words")
    document = library.document()
    if document is None:
        return render(request, NOT_YET)
    form = PeriodForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    allowed = request.access.shops_with(Right.SEE_NUMBERS, document["shops"])
    shop_id, product = given.get("shop", ""), given.get("product", "")
    shops = [shop for shop in allowed if shop_id in ("", shop)]
    if not shops:
        raise Http404
    with library.facts() as facts:
        period = chosen.window_of(document, facts, given.get("start"), given.get("end"))
        products = chosen.matching_products(facts, shops, product)
        found = rankings(facts, shops, period, products, given.get("edition"))
        offers = chosen.offered_products(facts, shops)
    asked = {"shop": shop_id, "product": product, "start": period.start, "end": period.end}
    context = {
        "form": form,
        "rankings": found,
        "polar": POLAR,
        "edition": given.get("edition"),
        "may_read": bool(reach_of(request.access, shops).shops),
        "shops": _named(document, allowed),
        "shop_id": shop_id,
        "period": period,
        "span": _span(period),
        "before": _span(period.before()),
        "product": product,
        "products": offers,
        "asked": urlencode({key: value for key, value in asked.items() if value}),
    }
    return render(request, "voices/rankings.html.j2", context)


@require_GET
def words(request: Request) -> HttpResponseBase:
    """List the conversations, reviews and tickets that hold some words or a label."""
    request.access.need(Right.SEE_CONVERSATIONS)
    document = library.document()
    if document is None:
        return render(request, NOT_YET)
    form = AskForm(request.GET)
    valid = form.is_valid()
    given = form.cleaned_data
    everywhere = reach_of(request.access, document["shops"])
    reach = everywhere.of_shop(given.get("shop", ""))
    if not reach.shops:
        raise Http404
    page = given.get("page") or 1
    asked = (request.GET.urlencode(), reach, page, valid)
    question, found, labels, products = remembered(
        ("words", *asked), lambda: searched(document, reach, form, page if valid else 0)
    )
    offers, agents = remembered(("offers", reach), lambda: _offered(reach))
    note(request, Act.LOOKED, f"顾客之声：{len(found.units)} 处原话", given.get("shop", ""))
    context = {
        "form": form,
        "given": {name: given.get(name) or "" for name in form.fields},
        "units": shown_units(found.units, labels, question, products, library.names()),
        "found": found,
        "page": page,
        "pages": -(-found.total // PAGE),
        "shops": _named(document, everywhere.shops),
        "shop_names": document["names"]["shops"],
        "period": question.stretch.days,
        "offers": offers,
        "agents": agents,
        "only_own": not reach.whole,
        "label_groups": [
            (name, head, names) for head, name in SHOWN.items() if (names := names_of(head))
        ],
        "asked_label": _label_name(question),
        "tables": TABLES,
        "query": _without_page(request),
        "may_export": all(request.access.may(Right.EXPORT, shop) for shop in reach.shops),
    }
    return render(request, "voices/words.html.j2", context)


def searched(
    document: Document, reach: Reach, form: AskForm, page: int
) -> tuple[Question, Found, Mapping[Source, tuple[Judged, ...]], Mapping[tuple[str, str], str]]:
    """Return what a form that was looked at asks, and of what is found a page (none for 0).

    Returns:
        the question, the page, the labels of its lines, and the products its talks are about.
    """
    with library.facts() as facts:
        question = question_of(document, facts, reach, form)
        found = one_page(facts, question, page) if page else NOTHING
        labels = judged_labels(facts, [line for unit in found.units for line in unit.lines])
        return question, found, labels, products_of(facts, question.stretch, found.units)


def _offered(reach: Reach) -> tuple[list[chosen.Offer], list[chosen.Offer]]:
    """Return the products and agents that the fields offer."""
    with library.facts() as facts:
        agents = chosen.offered_agents(facts, reach.whole) if reach.whole else []
        return chosen.offered_products(facts, reach.shops), agents


def question_of(document: Document, facts: Facts, reach: Reach, form: AskForm) -> Question:
    """Return what a form that was looked at asks, of what the person may read."""
    given = form.cleaned_data
    head, _, label = given.get("label", "").partition(":")
    days = chosen.window_of(document, facts, given.get("start"), given.get("end"))
    table, who = given.get("table", ""), given.get("who", "") or "buyer"
    return Question(
        reach=reach,
        stretch=Stretch(reach.shops, days, given.get("undated", False)),
        tables=(table,) if table else tuple(TABLES),
        words=given.get("q", ""),
        who="" if who == "all" else who,
        head=head,
        label=label,
        mood=given.get("mood", ""),
        products=chosen.matching_products(facts, reach.shops, given.get("product", "")),
        agents=chosen.matching_agents(facts, reach.shops, given.get("agent", "")),
    )


def _label_name(question: Question) -> str:
    if not question.head:
        return ""
    name = names_of(question.head).get(question.label, "全部")
    mood = {"negative": "，负面", "positive": "，正面"}.get(question.mood, "")
    return f"{SHOWN[question.head]}「{name}」{mood}"


def _named(document: Document, shops: list[str] | tuple[str, ...]) -> list[tuple[str, str]]:
    return [(shop, document["names"]["shops"].get(shop, shop)) for shop in shops]


def _span(window: Window) -> str:
    return long_span({"start": window.start.isoformat(), "end": window.end.isoformat()})


def _without_page(request: Request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
