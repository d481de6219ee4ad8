"""Metrics: the catalogue, one number, its days, its groups, its records, one record."""

from collections.abc import Mapping
from datetime import timedelta

from django.http import Http404, QueryDict
from django.utils.http import urlencode
from ninja import Query, Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import current_run, stretch
from huisheng.app.web.api.schemas import measures as shapes
from huisheng.app.web.api.schemas.parts import Span, instant, pages_of
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.measures import answers, listing, pages
from huisheng.app.web.measures.change import change_of
from huisheng.app.web.measures.marks import marks_of
from huisheng.app.web.measures.question import Question, read_question, usual_window
from huisheng.app.web.measures.themes import theme_of
from huisheng.app.web.measures.wording import group_name
from huisheng.errors import UnknownNameError
from huisheng.metrics import Case, Metric, MetricValue, Which, Window, all_metrics, find

router = Router(tags=["指标"])


@router.get("", response=list[shapes.MetricEntry], summary="列出所有指标")
def catalogue(request: Request) -> list[dict[str, object]]:
    """List every metric."""
    request.access.need(Right.SEE_NUMBERS)
    return [_entry(name, metric) for name, metric in all_metrics().items()]


@router.get("/{metric_id}", response=shapes.MetricDefinition, summary="一个指标的口径")
def definition(request: Request, metric_id: str) -> dict[str, object]:
    """Give the rule of one metric."""
    request.access.need(Right.SEE_NUMBERS)
    name, metric, _ = find(metric_id)
    return _entry(name, metric) | {
        "rollup": metric.rollup,
        "min_sample": metric.min_sample,
        "inputs": list(metric.inputs),
        "reasons": dict(metric.reasons),
        "rules": list(metric.versions),
    }


@router.get("/{metric_id}/value", response=shapes.MetricAnswer, summary="一个指标的值，与前一段比")
def value(request: Request, metric_id: str, asked: Query[shapes.WindowAsked]) -> dict[str, object]:
    """Say where a metric stands."""
    question = _question(request, metric_id, asked)
    now = pages.one_value(question, question.window, question.before)
    before = pages.one_value(question, question.before, question.window)
    shape = answers.shape(question.metric_id, question.window, question.before)
    card = pages.card_of(question.metric, now, before.value if before else None)
    return _first(question) | {
        "threshold": question.metric.threshold,
        "value": now,
        "compared": before,
        "headroom": card["headroom"],
        "dimensions": list(shape.dimensions),
    }


@router.get("/{metric_id}/trend", response=shapes.TrendAnswer, summary="一个指标逐日的值")
def trend(request: Request, metric_id: str, asked: Query[shapes.WindowAsked]) -> dict[str, object]:
    """Give every day of both windows."""
    question = _question(request, metric_id, asked)
    windows = (question.window, question.before)
    return _first(question) | {
        "days": _days(question.window, pages.by_day(question, *windows)),
        "compared": _days(question.before, pages.by_day(question, *windows[::-1])),
        "marks": [
            {"day": mark.day, "kind": mark.kind, "label": mark.label}
            for mark in sorted(marks_of(question.shop_id, current_run()), key=lambda one: one.day)
            if any(_in(mark.day, window) for window in windows)
        ],
    }


@router.get("/{metric_id}/change", response=shapes.ChangeAnswer, summary="两段之间的变化由谁造成")
def change(request: Request, metric_id: str, asked: Query[shapes.ChangeAsked]) -> dict[str, object]:
    """Take the change between the two windows apart along one dimension."""
    question = _question(request, metric_id, asked)
    _check_dimension(question, asked.by)
    found, document = change_of(question, asked.by), current_run()
    return _first(question) | {
        "by": asked.by,
        "before": found.before,
        "now": found.now,
        "parts": [
            {
                "group": part.group,
                "name": group_name(asked.by, part.group, document),
                "change": part.change,
            }
            for part in found.parts
        ],
    }


@router.get("/{metric_id}/groups", response=shapes.GroupsAnswer, summary="按一个维度拆开")
def groups(request: Request, metric_id: str, asked: Query[shapes.GroupsAsked]) -> dict[str, object]:
    """Break a metric down, the worst first."""
    question = _question(request, metric_id, asked)
    _check_dimension(question, asked.by)
    found = pages.compared_groups(question, asked.by, asked.sort)
    first = (asked.page - 1) * pages.GROUPS_A_PAGE
    document = current_run()
    rows = [
        {
            "group": each.group or "",
            "name": group_name(asked.by, each.group or "", document),
            "value": each,
            "compared": before,
        }
        for each, before in found[first : first + pages.GROUPS_A_PAGE]
    ]
    told = {"by": asked.by, "rows": rows, "notice": pages.notice_of(question, asked.by)}
    return _first(question) | told | _paging(asked.page, len(found))


@router.get("/{metric_id}/cases", response=shapes.CasesAnswer, summary="一个数背后的记录")
def cases(request: Request, metric_id: str, asked: Query[shapes.CasesAsked]) -> dict[str, object]:
    """List the records behind a number."""
    question = _question(request, metric_id, asked)
    narrowed = {"which": asked.which, "reason": asked.reason, "by": asked.by}
    narrowed |= {"group": asked.group, "page": str(asked.page)}
    narrowing = listing.read_narrowing(question, QueryDict(urlencode(narrowed)))
    found = listing.records_of(question, narrowing)
    note(request, Act.LOOKED, f"指标「{question.metric.label}」的记录", question.shop_id)
    reasons = {tally.reason for tally in found.tallies if tally.reason is not None}
    return (
        _first(question)
        | {
            "standings": {which.value: found.count(which) for which in Which},
            "reasons": {reason: found.count(reason=reason) for reason in sorted(reasons)},
            "rows": [_case(case) for case in found.cases],
        }
        | _paging(asked.page, found.total)
    )


@router.get(
    "/{metric_id}/explain", response=shapes.ExplanationAnswer, summary="一条记录为什么计入或不计入"
)
def explanation(
    request: Request, metric_id: str, asked: Query[shapes.CaseAsked]
) -> dict[str, object]:
    """Say why one record is in or out."""
    question = _question(request, metric_id, asked)
    whole = (question.metric_id, question.window, question.before, question.shop_id)
    explained = answers.explanation(*whole, asked.case_id)
    found = answers.cases(*whole, case_id=asked.case_id)
    about = f"指标「{question.metric.label}」的记录 {asked.case_id}"
    note(request, Act.LOOKED, about, question.shop_id)
    return _first(question) | {
        "counted": explained.counted,
        "reason": explained.reason,
        "sentence": explained.sentence,
        "rule_version": explained.rule_version,
        "facts": _scalars(explained.facts),
        "cases": [_case(case) for case in found.cases],
    }


def _question(request: Request, metric_id: str, asked: shapes.WindowAsked) -> Question:
    """Return what is asked; the pages read it from their address in the same way."""
    request.access.need(Right.SEE_NUMBERS)
    document = current_run()
    given = {"shop": asked.shop_id, "version": asked.version}
    days = usual_window(document).days
    if asked.start is not None:
        start, end = stretch(asked.start, asked.days)
        days, given = asked.days, given | {"start": start.isoformat(), "end": end.isoformat()}
    if asked.vs_start is not None:
        start, end = stretch(asked.vs_start, days)
        given |= {"vs_start": start.isoformat(), "vs_end": end.isoformat()}
    question = read_question(metric_id, QueryDict(urlencode(given)), document, request.access)
    if question.problems:
        raise Http404
    return question


def _check_dimension(question: Question, by: str) -> None:
    """Refuse a dimension that a metric has not.

    Raises:
        UnknownNameError: it has not.
    """
    offered = answers.shape(question.metric_id, question.window, question.before).dimensions
    if by not in offered:
        raise UnknownNameError(f"维度 by：这个指标不能按它拆。可以用：{'、'.join(offered)}")


def _entry(name: str, metric: Metric) -> dict[str, object]:
    return {
        "id": name,
        "label": metric.label,
        "theme": theme_of(metric),
        "question": metric.question,
        "unit": metric.unit,
        "better": metric.better,
        "threshold": metric.threshold,
        "platforms": list(metric.platforms),
        "versions": [version.id for version in metric.versions],
    }


def _first(question: Question) -> dict[str, object]:
    return {
        "metric": question.name,
        "version": question.version_id,
        "shop_id": question.shop_id,
        "unit": question.metric.unit,
        "window": _span(question.window),
        "compared_window": _span(question.before),
    }


def _in(day: str, window: Window) -> bool:
    return window.start.isoformat() <= day <= window.end.isoformat()


def _span(window: Window) -> Span:
    return Span(start=window.start, end=window.end)


def _days(window: Window, values: dict[str, MetricValue]) -> list[dict[str, object]]:
    dates = [window.start + timedelta(days=number) for number in range(window.days)]
    return [{"day": day, "value": values.get(day.isoformat())} for day in dates]


def _paging(page: int, total: int) -> dict[str, object]:
    return {"page": page, "pages": pages_of(total), "total": total}


def _case(case: Case) -> dict[str, object]:
    return {
        "case_id": case.case_id,
        "at": instant(case.at),
        "numerator": case.numerator,
        "denominator": case.denominator,
        "which": case.which,
        "reason": case.reason,
        "sentence": case.sentence,
        "facts": dict(case.facts),
    }


def _scalars(facts: Mapping[str, object]) -> dict[str, str | int | float | bool | None]:
    plain = (str, int, float, bool, type(None))
    return {name: fact if isinstance(fact, plain) else str(fact) for name, fact in facts.items()}
