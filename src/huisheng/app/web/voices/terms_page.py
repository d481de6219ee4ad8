"""The page of what buyers say: terms that rise, common terms, hot topics, what has no name yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huisheng.app.llm import GroupName, suggested_names
from huisheng.app.report import Document
from huisheng.app.report.amounts import long_span
from huisheng.app.report.document import Ranked
from huisheng.app.report.drawing import Bar, bars
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.remembered import remembered
from huisheng.app.web.voices import chosen
from huisheng.app.web.voices.counted import PHASES, Asked, is_counted
from huisheng.app.web.voices.forms import PeriodForm
from huisheng.app.web.voices.part import Stretch
from huisheng.app.web.voices.reach import reach_of
from huisheng.app.web.voices.tags import HEADS, names_of
from huisheng.app.web.voices.terms import RisingTerms, Term, Terms, common_terms, rising_terms
from huisheng.app.web.voices.topics import By, Topic, topics
from huisheng.app.web.voices.unnamed import Discoveries, Need, Unnamed, discoveries, needs
from huisheng.language import taxonomy
from huisheng.metrics import Facts, Window

ORDERS = {By.HEAT: "热度", By.TALKS: "会话数", By.GROWTH: "周环比", By.NEGATIVE: "负面会话数"}
MOST_TOPICS = 20
MOST_GROUPS, GROUPS_OPEN = 42, 12
QUOTES = 3


class TermsForm(PeriodForm):
    """Shop, days, product, phase, and what topics are ranked by."""

    phase = forms.ChoiceField(required=False, choices=[("", "全部"), *PHASES.items()])
    by = forms.ChoiceField(
        required=False, choices=[(by.value, name) for by, name in ORDERS.items()]
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    """All that the page tells of some shops, days, products and a phase."""

    asked: Asked
    rising: RisingTerms
    common: Terms
    topics: tuple[Topic, ...]
    unnamed: Discoveries
    needs: tuple[Need, ...]


def spoken(facts: Facts, asked: Asked, by: By) -> Spoken | None:
    """Return what buyers say, None where the last analysis has not counted it."""
    if not is_counted(facts):
        return None
    return Spoken(
        asked=asked,
        rising=rising_terms(facts, asked),
        common=common_terms(facts, asked),
        topics=tuple(topics(facts, asked, by)[:MOST_TOPICS]),
        unnamed=discoveries(facts, asked),
        needs=needs(facts, asked),
    )


def quotes_of(
    facts: Facts, period: Window, groups: Iterable[Unnamed], shops: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return different words behind groups as they are stored, by group, of readable shops."""
    told = [group for group in groups if group.shop_id in shops]
    ids = sorted({msg_id for group in told for msg_id in group.examples})
    messages = Stretch(sorted(shops), period).widened(1).rows(facts.table("messages"))
    rows = messages.filter(messages.msg_id.isin(ids)).select("shop_id", "msg_id", "text")
    texts = {
        (row["shop_id"], row["msg_id"]): row["text"]
        for row in (facts.engine.arrow(rows).to_pylist() if ids else ())
        if row["text"]
    }
    return {group.id: _different(group, texts) for group in told}


def _different(group: Unnamed, texts: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    said = (texts.get((group.shop_id, msg_id)) for msg_id in group.examples)
    return tuple(dict.fromkeys(text for text in said if text))[:QUOTES]


def suggestions() -> Mapping[str, GroupName]:
    """Return what a language model would call groups, by group, aspects of the taxonomy alone."""
    aspects = taxonomy().aspects
    return {
        id_: one if one.aspect in aspects else GroupName(one.name, "")
        for id_, one in suggested_names(library.workspace()).items()
    }


@require_GET
def terms(request: Request) -> HttpResponseBase:
    """Show what buyers say over a period, for a shop, a product and a phase."""
    request.access.need(Right.SEE_NUMBERS)
    document = library.document()
    if document is None:
        return render(request, "overview/empty.html.j2")
    form = TermsForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    allowed = request.access.shops_with(Right.SEE_NUMBERS, document["shops"])
    shop_id = given.get("shop", "")
    shops = tuple(shop for shop in allowed if shop_id in ("", shop))
    if not shops:
        raise Http404
    readable = reach_of(request.access, shops).whole
    by = By(given.get("by") or By.HEAT)
    period, found, quotes, offers = remembered(
        ("terms", request.GET.urlencode(), shops, readable),
        lambda: _read(document, form, shops, readable),
    )
    shown = _shown_groups(found, quotes) if found else ()
    if any(row.quotes for row in shown):
        note(request, Act.LOOKED, f"热词：{sum(len(row.quotes) for row in shown)} 句原话", shop_id)
    context = {
        "form": form,
        "found": found,
        "bars": _bars(found.common.terms) if found else (),
        "may_add": request.access.may(Right.CHANGE_SETTINGS, Membership.ALL_SHOPS),
        "groups": shown[:GROUPS_OPEN],
        "more_groups": shown[GROUPS_OPEN:],
        "topic_names": {head: names_of(head) for head in HEADS},
        "orders": ORDERS,
        "by": by,
        "phases": PHASES,
        "phase": given.get("phase", ""),
        "shops": [(shop, document["names"]["shops"].get(shop, shop)) for shop in allowed],
        "shop_id": shop_id,
        "names": document["names"],
        "readable": readable,
        "period": period,
        "span": _span(period),
        "before": _span(period.before()),
        "week": _span(found.asked.week) if found else "",
        "product": given.get("product", ""),
        "products": offers,
        "asked": _address(given, period),
        "week_asked": _address(given, found.asked.week) if found else "",
    }
    return render(request, "voices/terms.html.j2", context)


def _read(
    document: Document, form: TermsForm, shops: tuple[str, ...], readable: tuple[str, ...]
) -> tuple[Window, Spoken | None, Mapping[str, tuple[str, ...]], list[chosen.Offer]]:
    """Return the period, what buyers say, the words behind groups, and the products to offer."""
    given = form.cleaned_data
    with library.facts() as facts:
        period = chosen.window_of(document, facts, given.get("start"), given.get("end"))
        products = chosen.matching_products(facts, shops, given.get("product", ""))
        asked = Asked(shops, period, products, given.get("phase", ""))
        found = spoken(facts, asked, By(given.get("by") or By.HEAT))
        groups = found.unnamed.groups[:MOST_GROUPS] if found else ()
        quotes = quotes_of(facts, period, groups, readable)
        return period, found, quotes, chosen.offered_products(facts, shops)


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of what has no name, with words of it, and what a model would call it."""

    group: Unnamed
    quotes: tuple[str, ...]
    suggested: GroupName | None

    @property
    def concern(self) -> str:
        """Return the part of an address that begins a concern out of the group."""
        given = {"words": self.group.phrase}
        if self.suggested:
            given |= {"label": self.suggested.name, "aspect": self.suggested.aspect}
        return urlencode({name: value for name, value in given.items() if value})


def _shown_groups(found: Spoken, quotes: Mapping[str, tuple[str, ...]]) -> tuple[ShownGroup, ...]:
    groups, names = found.unnamed.groups[:MOST_GROUPS], suggestions()
    return tuple(
        ShownGroup(group, quotes.get(group.id, ()), names.get(group.id)) for group in groups
    )


def _bars(found: Sequence[Term]) -> list[tuple[Term, Bar]]:
    rows: list[Ranked] = [
        {
            "id": term.term,
            "label": term.term,
            "count": term.talks,
            "before": term.before,
            "negative": round(term.negative * term.talks),
        }
        for term in found
    ]
    return list(zip(found, bars(rows), strict=True))


def _address(given: Mapping[str, object], window: Window) -> str:
    """Return the part of an address that asks for the same shop and product on some days."""
    asked = {"shop": given.get("shop"), "product": given.get("product"), "table": "messages"}
    days = {"start": window.start.isoformat(), "end": window.end.isoformat()}
    return urlencode({name: value for name, value in (asked | days).items() if value})


def _span(window: Window) -> str:
    return long_span({"start": window.start.isoformat(), "end": window.end.isoformat()})
