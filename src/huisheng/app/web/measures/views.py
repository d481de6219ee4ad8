"""The metrics: catalogue, one metric, the records behind a number, one record."""

from dataclasses import replace

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huisheng.app.assumptions import chosen
from huisheng.app.report import Document
from huisheng.app.report.amounts import long_span
from huisheng.app.report.labels import platform_name
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.measures import answers, catalogue_page, links, listing, pages
from huisheng.app.web.measures.change import change_steps
from huisheng.app.web.measures.marks import marks_of
from huisheng.app.web.measures.question import Question, read_question, shops_seen
from huisheng.app.web.measures.wording import DIRECTIONS, ROLLUPS, UNITS, group_name, inputs_told
from huisheng.errors import UnknownNameError
from huisheng.metrics import Rollup


@require_GET
def catalogue(request: Request) -> HttpResponseBase:
    """List every metric with its question and where each shop stands."""
    request.access.need(Right.SEE_NUMBERS)
    document = library.document()
    if document is None:
        return render(request, "overview/empty.html.j2")
    shops = shops_seen(document, request.access)
    context = {
        "themes": catalogue_page.themes(document, shops),
        "shops": [(shop, document["names"]["shops"].get(shop, shop)) for shop in shops],
        "period": long_span(document["period"]),
    }
    return render(request, "measures/catalogue.html.j2", context)


@require_GET
def measure(request: Request, metric_id: str) -> HttpResponseBase:
    """Show one metric: where it stands, its trend, its parts, its rule."""
    document, question = _asked(request, metric_id)
    if document is None or question is None:
        return render(request, "overview/empty.html.j2")
    shape = answers.shape(question.metric_id, question.window, question.before)
    dimensions = [pair for pair in listing.dimension_names(question) if pair[0] != "date"]
    by, sort, page = _breakdown_asked(request, [name for name, _ in dimensions])
    broken = pages.breakdown(question, by, sort, page, document)
    if page > 1 and not broken.rows:
        raise Http404
    trend, days = pages.days(question, marks_of(question.shop_id, document))
    context = _context(request, document, question) | {
        "standing": pages.standing(question, shape.delayed),
        "trend": trend,
        "days": days,
        "day_links": {day.day: day.basis.address for day in days if day.basis.address},
        "delayed": shape.delayed,
        "dimensions": [(n, label, question.address(by=n) + "#parts") for n, label in dimensions],
        "by": by,
        "by_name": dict(dimensions)[by],
        "sort": sort,
        "breakdown": broken,
        "change": change_steps(question, by, shape.delayed, document),
        "pager": _pager(question, broken.total, pages.GROUPS_A_PAGE, page, by=by, sort=sort),
    }
    return render(request, "measures/measure.html.j2", context)


@require_GET
def records(request: Request, metric_id: str) -> HttpResponseBase:
    """List the records behind a number, each with the reason why it is in or out."""
    document, question = _asked(request, metric_id)
    if document is None or question is None:
        return render(request, "overview/empty.html.j2")
    narrowing = listing.read_narrowing(question, request.GET)
    found = listing.records_of(question, narrowing)
    talks = links.conversations_of(request.access, question.shop_id, found.cases)
    groups = listing.groups(question, narrowing.by) if narrowing.by else []
    if narrowing.group and narrowing.group not in groups:
        groups = [narrowing.group, *groups]
    parts = {"which": narrowing.which or "", "reason": narrowing.reason}
    parts |= {"by": narrowing.by, "group": narrowing.group}
    context = _context(request, document, question) | {
        "narrowing": narrowing,
        "found": found,
        "rows": listing.rows(question, found.cases, talks, document),
        "standings": listing.standings(question, narrowing, found),
        "reasons": listing.reasons(question, narrowing, found),
        "dimensions": listing.dimension_names(question),
        "groups": [(group, group_name(narrowing.by, group, document)) for group in groups],
        "pager": _pager(
            question, found.total, listing.A_PAGE, narrowing.page, "measure-records", **parts
        ),
    }
    note(request, Act.LOOKED, f"指标「{question.metric.label}」的记录", question.shop_id)
    return render(request, "measures/records.html.j2", context)


@require_GET
def record(request: Request, metric_id: str) -> HttpResponseBase:
    """Say why one record is in or out of a metric."""
    document, question = _asked(request, metric_id)
    if document is None or question is None:
        return render(request, "overview/empty.html.j2")
    case_id = request.GET.get("case", "")
    asked = (question.metric_id, question.window, question.before, question.shop_id)
    try:
        explained = answers.explanation(*asked, case_id)
    except UnknownNameError as error:
        raise Http404 from error
    found = answers.cases(*asked, case_id=case_id)
    talks = links.conversations_of(request.access, question.shop_id, found.cases)
    context = _context(request, document, question) | {
        "case_id": case_id,
        "explained": explained,
        "rows": listing.rows(question, found.cases, talks, document),
        "total": found.total,
        "conversations": talks.get(case_id, ()),
    }
    about = f"指标「{question.metric.label}」的记录 {case_id}"
    note(request, Act.LOOKED, about, question.shop_id)
    return render(request, "measures/record.html.j2", context)


def _asked(request: Request, metric_id: str) -> tuple[Document | None, Question | None]:
    request.access.need(Right.SEE_NUMBERS)
    document = library.document()
    if document is None:
        return None, None
    return document, read_question(metric_id, request.GET, document, request.access)


def _breakdown_asked(request: Request, offered: list[str]) -> tuple[str, str, int]:
    usual = next((name for name in offered if name not in pages.IN_ORDER), offered[0])
    by, sort = request.GET.get("by", "") or usual, request.GET.get("sort", "")
    page = request.GET.get("page", "1")
    if by not in offered or sort not in ("", "size"):
        raise Http404
    if not (page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000):
        raise Http404
    return by, sort, int(page)


def _pager(
    question: Question, total: int, a_page: int, page: int, room: str = "measure", **parts: str
) -> dict[str, int | str]:
    last = max(1, -(-total // a_page))

    def address(number: int) -> str:
        if not 1 <= number <= last:
            return ""
        return question.address(room, **parts, page=str(number) if number > 1 else "")

    return {"page": page, "last": last, "before": address(page - 1), "after": address(page + 1)}


def _context(request: Request, document: Document, question: Question) -> dict[str, object]:
    metric, names = question.metric, document["names"]["shops"]
    shops = shops_seen(document, request.access)
    version = metric.version(question.version_id) or metric.versions[0]
    told = metric.told(version, chosen(library.workspace()))
    return {
        "question": question,
        "may_export": request.access.may(Right.EXPORT, question.shop_id),
        "metric": metric,
        "version": replace(version, assumption=told),
        "basis_name": "分子 / 分母" if metric.rollup is Rollup.RATIO else "合计 / 记录数",
        "unit_name": UNITS[metric.unit],
        "rollup": ROLLUPS[metric.rollup],
        "direction": DIRECTIONS[metric.better],
        "inputs": inputs_told(metric),
        "platforms": "、".join(platform_name(platform) for platform in metric.platforms),
        "shop_name": names.get(question.shop_id, question.shop_id),
        "shops": [(shop, names.get(shop, shop), question.address(shop=shop)) for shop in shops],
        "window": pages.span(question.window),
        "before": pages.span(question.before),
    }
