"""What buyers say: terms, topics, and what has no name."""

from collections.abc import Sequence
from dataclasses import asdict

from django.http import Http404
from ninja import Query, Router

from huisheng.app.llm import GroupName
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import current_run, stretch
from huisheng.app.web.api.schemas import terms as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, Span
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.voices import chosen
from huisheng.app.web.voices.counted import Asked
from huisheng.app.web.voices.reach import reach_of
from huisheng.app.web.voices.tags import names_of
from huisheng.app.web.voices.terms_page import Spoken, quotes_of, spoken, suggestions
from huisheng.app.web.voices.topics import By
from huisheng.app.web.voices.unnamed import Unnamed
from huisheng.errors import UnknownNameError
from huisheng.metrics import Window

router = Router(tags=["顾客之声"])
NOT_COUNTED = "热词：这次分析还没有数过词。请重新分析一次"


@router.get("/terms", response=shapes.Spoken, summary="热词、话题热度、还没有名字的说法")
def terms(request: Request, asked: Query[shapes.TermsAsked]) -> dict[str, object]:
    """Tell what buyers say over a period, and what rises in its last week."""
    request.access.need(Right.SEE_NUMBERS)
    document = current_run()
    allowed = request.access.shops_with(Right.SEE_NUMBERS, document["shops"])
    shops = tuple(shop for shop in allowed if asked.shop_id in ("", shop))
    if not shops:
        raise Http404
    start, end = (None, None) if asked.start is None else stretch(asked.start, asked.days)
    with library.facts() as facts:
        period = chosen.window_of(document, facts, start, end)
        products = chosen.matching_products(facts, shops, asked.product)
        found = spoken(facts, Asked(shops, period, products, asked.phase), By(asked.by))
        if found is None:
            raise UnknownNameError(NOT_COUNTED)
        groups = found.unnamed.groups[:A_PAGE]
        quotes = quotes_of(facts, period, groups, reach_of(request.access, shops).whole)
    said = sum(map(len, quotes.values()))
    if said:
        note(request, Act.LOOKED, f"热词：{said} 句原话", asked.shop_id)
    names = suggestions()
    return _shown(found) | {
        "unnamed": [
            _group(group, quotes.get(group.id, ()), names.get(group.id)) for group in groups
        ]
    }


def _group(group: Unnamed, quotes: Sequence[str], name: GroupName | None) -> dict[str, object]:
    return asdict(group) | {
        "products": [{"product_id": id_, "talks": n} for id_, n in group.products],
        "quotes": quotes,
        "suggested_name": name.name if name else None,
        "suggested_aspect": (name.aspect or None) if name else None,
    }


def _shown(found: Spoken) -> dict[str, object]:
    return {
        "period": _span(found.asked.period),
        "week": _span(found.rising.week),
        "weeks_before": found.rising.weeks,
        "compared": found.rising.compared,
        "talks": found.common.talks,
        "talks_before": found.common.before,
        "rising": [asdict(term) for term in found.rising.terms],
        "common": [asdict(term) for term in found.common.terms],
        "topics": [
            asdict(topic) | {"name": names_of(topic.head).get(topic.label, topic.label)}
            for topic in found.topics
        ],
        "unnamed_texts": found.unnamed.texts,
        "ungrouped_texts": found.unnamed.ungrouped,
        "needs": [asdict(need) for need in found.needs[:A_PAGE]],
    }


def _span(window: Window) -> Span:
    return Span(start=window.start, end=window.end)
