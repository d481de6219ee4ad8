"""The tables that can be taken along, each made anew from what its page's address asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import Http404, QueryDict

from huisheng.app.report import Document, stuck_points
from huisheng.app.report.labels import Labels, table_name
from huisheng.app.report.sections import point_view
from huisheng.app.report.sheets import DECIMAL, MONEY, PERCENT, WHOLE, Cell, Sheet
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.exports.customers import customers_in
from huisheng.app.web.findings.states import states_of
from huisheng.app.web.measures import answers, listing, pages
from huisheng.app.web.measures.question import Question, read_question
from huisheng.app.web.measures.wording import fact_name, facts_told, group_name
from huisheng.app.web.seen import document_for, findings_for
from huisheng.app.web.shell.wording import local_time
from huisheng.app.web.voices.forms import AskForm
from huisheng.app.web.voices.lines import SPEAKERS
from huisheng.app.web.voices.listing import find_lines
from huisheng.app.web.voices.reach import reach_of
from huisheng.app.web.voices.views import question_of
from huisheng.errors import BadInputError
from huisheng.metrics import Case

MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Taken:
    """One table with whom it is about.

    Attributes:
        title: names the file.
        customers: distinct customers in it; 0 for numbers about nobody.
        shops: whose rows they are; the person needs the right to export in each.
    """

    title: str
    sheet: Sheet
    customers: int
    shops: tuple[str, ...]


Source = Callable[[Access, QueryDict], Taken]


def take(source: str, access: Access, given: QueryDict) -> Taken:
    """Make a table as its page would show it to this person, whole.

    Raises:
        Http404: no such source, or nothing this person may see.
        PermissionDenied: the person may not see it, or not take it along.
        BadInputError: it has too many rows.
    """
    if source not in SOURCES:
        raise Http404
    taken = SOURCES[source](access, given)
    for shop_id in taken.shops:
        access.need(Right.EXPORT, shop_id)
    if not taken.shops:
        access.need(Right.EXPORT)
    return taken


def _cards(access: Access, given: QueryDict) -> Taken:
    access.need(Right.SEE_NUMBERS)
    document = _document(access, given.get("shop", ""))
    labels = Labels(document)
    rows = tuple(
        (
            Cell(labels.shop(entry["shop_id"])),
            Cell(labels.metric(entry["id"])),
            Cell(entry["id"]),
            Cell(entry["version"]),
            Cell(entry["value"], _format(labels.unit(entry["id"]))),
            Cell(entry["numerator"], DECIMAL),
            Cell(entry["denominator"], WHOLE),
            Cell(entry["window"]["start"]),
            Cell(entry["window"]["end"]),
            Cell(entry["quality"]),
        )
        for entry in document["metrics"]
        if "group" not in entry
    )
    names = ("店铺", "指标", "编号", "版本", "数值", "分子", "分母", "从", "到", "数据")
    return _numbers("指标一览", names, rows, document["shops"])


def _parts(access: Access, given: QueryDict) -> Taken:
    question = _question(access, given)
    by = given.get("by", "")
    offered = [name for name, _ in listing.dimension_names(question)]
    if by not in offered:
        raise Http404
    document = _document(access, "")
    style = _format(question.metric.unit.value)
    notice = pages.notice_of(question, by)
    rows = tuple(
        (
            Cell(group_name(by, value.group or "", document)),
            Cell(value.value, style),
            Cell(value.numerator, DECIMAL),
            Cell(value.denominator, WHOLE),
            Cell(before.value if before else None, style),
            Cell(before.numerator if before else None, DECIMAL),
            Cell(before.denominator if before else None, WHOLE),
            Cell(value.quality),
            *([Cell(notice)] if notice else []),
        )
        for value, before in pages.compared_groups(question, by, given.get("sort", ""))
    )
    names = ("分组", "数值", "分子", "分母", "对比段数值", "对比段分子", "对比段分母", "数据")
    told = (*names, "说明") if notice else names
    return _numbers(f"{question.metric.label} 拆分", told, rows, [question.shop_id])


def _days(access: Access, given: QueryDict) -> Taken:
    question = _question(access, given)
    style = _format(question.metric.unit.value)
    rows = tuple(
        (Cell(day), Cell(v.value, style), Cell(v.numerator, DECIMAL), Cell(v.denominator, WHOLE))
        for day, v in pages.by_day(question, question.window, question.before).items()
    )
    names = ("日期", "数值", "分子", "分母")
    return _numbers(f"{question.metric.label} 逐日", names, rows, [question.shop_id])


def _records(access: Access, given: QueryDict) -> Taken:
    question = _question(access, given)
    narrowing = listing.read_narrowing(question, given)
    found = answers.cases(
        question.metric_id,
        question.window,
        question.before,
        question.shop_id,
        which=narrowing.which,
        reason=narrowing.reason or None,
        by=narrowing.by or None,
        group=narrowing.group or None,
        limit=MOST_ROWS,
    )
    _bounded(found.total)
    document = _document(access, "")
    extra = list(dict.fromkeys(name for case in found.cases for name in case.facts))
    told = {case.case_id: dict(facts_told(case, document)) for case in found.cases}
    rows = tuple(
        (
            Cell(local_time(case.at, "%Y-%m-%d %H:%M:%S")),
            Cell(case.case_id),
            Cell(case.sentence),
            Cell(case.numerator, DECIMAL),
            Cell(case.denominator, WHOLE),
            *(Cell(_told(case, name, told[case.case_id])) for name in extra),
        )
        for case in found.cases
    )
    names = ("时间", "编号", "计不计，为什么", "分子", "分母", *map(fact_name, extra))
    about = [
        (question.shop_id, _fact(case, "conv_id"), _fact(case, "order_no"), case.case_id)
        for case in found.cases
    ]
    with library.facts() as facts:
        customers = customers_in(facts, about)
    sheet = _sheet(f"{question.metric.label} 记录", names, rows)
    return Taken(sheet.name, sheet, customers, (question.shop_id,))


def _findings(access: Access, given: QueryDict) -> Taken:
    access.need(Right.SEE_FINDINGS)
    document = library.document()
    if document is None:
        raise Http404
    found = findings_for(document, access, given.get("shop", ""))
    labels = Labels(document)
    points = [point_view(point, document, labels) for point in stuck_points(found)]
    states = states_of([point.first.id for point in points])
    rows = tuple(
        (
            Cell(point.rank, WHOLE), Cell(point.shop), Cell(point.first.title),
            Cell("；".join(f"{d} {v}" for d, v in point.where)), Cell(point.first.department),
            Cell(point.first.comparison), Cell(point.first.certainty), Cell(point.affected),
            Cell(point.cny), Cell(point.first.since), Cell(states[point.first.id].label),
            Cell(point.first.strategy),
        )
        for point in points
    )  # fmt: skip
    names = (
        "排名", "店铺", "卡点", "在哪里", "部门", "实际与应有", "把握", "影响人数", "损失",
        "从何时起", "状态", "建议",
    )  # fmt: skip
    return _numbers("卡点", names, rows, sorted({finding["shop_id"] for finding in found}))


def _words(access: Access, given: QueryDict) -> Taken:
    access.need(Right.SEE_CONVERSATIONS)
    document = library.document()
    form = AskForm(given)
    if document is None or not form.is_valid():
        raise Http404
    reach = reach_of(access, document["shops"]).of_shop(form.cleaned_data.get("shop", ""))
    if not reach.shops:
        raise Http404
    with library.facts() as facts:
        said = find_lines(facts, question_of(document, facts, reach, form))
        columns = (
            "shop_id", "table_name", "row_id", "conv_id", "order_no", "product_id", "at", "role",
            "text",
        )  # fmt: skip
        ordered = said.order_by(said["at"].desc(nulls_first=False), "shop_id", "row_id")
        found = facts.engine.arrow(ordered.select(*columns).limit(MOST_ROWS + 1)).to_pylist()
        _bounded(len(found))
        about = [
            (row["shop_id"], row["conv_id"] or "", row["order_no"] or "", row["row_id"])
            for row in found
        ]
        customers = customers_in(facts, about)
    labels = Labels(document)
    rows = tuple(
        (
            Cell(labels.shop(row["shop_id"])),
            Cell(table_name(row["table_name"])),
            Cell(local_time(row["at"], "%Y-%m-%d %H:%M:%S")),
            Cell(SPEAKERS.get("buyer" if row["role"] == "buyer" else "agent")),
            Cell(row["text"]),
            Cell(row["conv_id"]),
            Cell(row["order_no"]),
            Cell(row["product_id"]),
            Cell(row["row_id"]),
        )
        for row in found
    )
    names = ("店铺", "来源", "时间", "谁说的", "原话（已脱敏）", "会话", "订单", "商品", "编号")
    return Taken("原话", _sheet("原话", names, rows), customers, tuple(reach.shops))


SOURCES: Mapping[str, Source] = {
    "cards": _cards,
    "parts": _parts,
    "days": _days,
    "records": _records,
    "findings": _findings,
    "words": _words,
}
"""By the name that pages use."""


def _document(access: Access, shop_id: str) -> Document:
    document = library.document()
    if document is None:
        raise Http404
    return document_for(document, access, shop_id)


def _question(access: Access, given: QueryDict) -> Question:
    document = library.document()
    if document is None:
        raise Http404
    return read_question(given.get("metric", ""), given, document, access)


def _bounded(rows: int) -> None:
    if rows > MOST_ROWS:
        problem = f"超过 {MOST_ROWS:,} 行，一次导不出"
        raise BadInputError("导出", problem, "请缩小日期或加上筛选再导出")


def _format(unit: str) -> str:
    return {"share": PERCENT, "yuan": MONEY, "count": WHOLE}.get(unit, DECIMAL)


def _fact(case: Case, name: str) -> str:
    return str(case.facts.get(name) or "")


def _told(case: Case, name: str, told: Mapping[str, str]) -> str:
    return told.get(fact_name(name)) or _fact(case, name)


def _numbers(
    title: str, names: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], shops: list[str]
) -> Taken:
    """Return a table of numbers, about no customer in particular."""
    return Taken(title, _sheet(title, names, rows), 0, tuple(shops))


def _sheet(title: str, names: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Sheet:
    widths = tuple(
        (name, 40.0 if name.startswith(("原话", "计不计", "卡点")) else 16.0) for name in names
    )
    return Sheet(title[:31].replace("/", "／"), (), widths, rows)
