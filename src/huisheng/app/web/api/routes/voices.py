"""Buyers' words: ranked, found, read, judged."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.http import Http404, QueryDict
from django.utils.http import urlencode
from ninja import Query, Router

from huisheng.app.report.document import Ranked
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.routes.asking import current_run, stretch
from huisheng.app.web.api.routes.rows import shown_row
from huisheng.app.web.api.schemas import voices as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, Span, instant, pages_of
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.voices import chosen
from huisheng.app.web.voices.agreement import by_head, by_label
from huisheng.app.web.voices.chat import as_lines, shown_text
from huisheng.app.web.voices.conversation import MOST_LINES, Conversation, read_conversation
from huisheng.app.web.voices.forms import AskForm
from huisheng.app.web.voices.gate import reach_in, readable_record
from huisheng.app.web.voices.listing import Judged, Line, Unit, judged_labels, one_page, products_of
from huisheng.app.web.voices.orders import OrderCard
from huisheng.app.web.voices.part import Source
from huisheng.app.web.voices.rankings import TITLES, counted_rankings
from huisheng.app.web.voices.reach import reach_of
from huisheng.app.web.voices.showing import product_of
from huisheng.app.web.voices.views import question_of
from huisheng.errors import BadInputError, UnknownNameError
from huisheng.language import MODEL_VERSION
from huisheng.metrics import Window

router = Router(tags=["顾客之声"])


@router.get("/rankings", response=shapes.Rankings, summary="买家在说什么：场景、方面、情绪、风险")
def rankings(request: Request, asked: Query[shapes.PeriodAsked]) -> dict[str, object]:
    """Rank what buyers speak of."""
    request.access.need(Right.SEE_NUMBERS)
    document = current_run()
    allowed = request.access.shops_with(Right.SEE_NUMBERS, document["shops"])
    shops = [shop for shop in allowed if asked.shop_id in ("", shop)]
    if not shops:
        raise Http404
    start, end = _days(asked)
    with library.facts() as facts:
        period = chosen.window_of(document, facts, start, end)
        products = chosen.matching_products(facts, shops, asked.product)
        counted = counted_rankings(facts, shops, period, products)
    return {
        "period": _span(period),
        "rankings": [_ranking(head, rows) for head, rows in counted.items()],
    }


@router.get("/words", response=shapes.WordsFound, summary="找原话：按词、标签、商品、客服、时间")
def words(request: Request, asked: Query[shapes.WordsAsked]) -> dict[str, object]:
    """Find conversations and records by what was said in them."""
    request.access.need(Right.SEE_CONVERSATIONS)
    document = current_run()
    reach = reach_of(request.access, document["shops"]).of_shop(asked.shop_id)
    if not reach.shops:
        raise Http404
    form = _ask_form(asked)
    with library.facts() as facts:
        question = question_of(document, facts, reach, form)
        found = one_page(facts, question, asked.page)
        labels = judged_labels(facts, [line for unit in found.units for line in unit.lines])
        products = products_of(facts, question.stretch, found.units)
    note(request, Act.LOOKED, f"顾客之声：{len(found.units)} 处原话", asked.shop_id)
    return {
        "period": _span(question.stretch.days or chosen.period_of(document)),
        "rows": [_unit(unit, labels, product_of(unit, products)) for unit in found.units],
        "page": asked.page,
        "pages": pages_of(found.total),
        "total": found.total,
        "total_lines": found.total_lines,
    }


@router.get("/conversation", response=shapes.Talk, summary="一段会话：原话、标签、订单")
def conversation(request: Request, asked: Query[shapes.ConversationAsked]) -> dict[str, object]:
    """Give one conversation with all that belongs to it."""
    reach = reach_in(request, asked.shop_id)
    with library.facts() as facts:
        talk = read_conversation(
            facts, asked.shop_id, asked.conv_id, asked.page, reach.agent_in(asked.shop_id)
        )
        if talk is None or (asked.page > 1 and not talk.lines):
            raise Http404
        labels = judged_labels(facts, as_lines(talk))
    note(request, Act.LOOKED, f"会话 {asked.conv_id}", asked.shop_id)
    return _talk(talk, asked.page, labels)


@router.get("/record", response=shapes.RecordShown, summary="一条评价、工单、退款等记录")
def record(request: Request, asked: Query[shapes.RecordAsked]) -> dict[str, object]:
    """Give one record as it is stored, masked."""
    reach, source = reach_in(request, asked.shop_id), (asked.shop_id, asked.table, asked.row_id)
    with library.facts() as facts:
        found = readable_record(facts, reach, source)
    note(request, Act.LOOKED, f"{found.label} {asked.row_id}", asked.shop_id)
    rows = [
        {**row, "text": shown_text(row)} if asked.table == "messages" else row for row in found.rows
    ]
    return {
        "shop_id": asked.shop_id,
        "table": asked.table,
        "row_id": asked.row_id,
        "rows": [shown_row(asked.table, row) for row in rows],
    }


@router.get("/agreement", response=shapes.Agreement, summary="人和模型的判断有多一致")
def agreement(request: Request) -> dict[str, object]:
    """Say how often people agree with the model."""
    request.access.need(Right.SEE_NUMBERS)
    shops = request.access.shops_with(Right.SEE_NUMBERS, current_run()["shops"])
    labels = [
        {
            "head": each.tag.head,
            "label": each.tag.label,
            "name": each.tag.name,
            "kept": each.kept,
            "removed": each.removed,
            "added": each.added,
            "precision": each.precision.value if each.precision else None,
            "recall": each.recall.value if each.recall else None,
        }
        for each in by_label(shops)
    ]
    heads = [
        {"head": e.head, "name": e.name, "judged": e.judged, "agreed": e.agreed, "share": e.share}
        for e in by_head(shops)
    ]
    return {"model": MODEL_VERSION, "heads": heads, "labels": labels}


def _ask_form(asked: shapes.WordsAsked) -> AskForm:
    """Return the pages' own form, filled with the question.

    Raises:
        UnknownNameError: there is no such label.
    """
    start, end = _days(asked)
    label = f"{asked.head}:{asked.label}" if asked.label else asked.head
    given: dict[str, str | int] = {
        "shop": asked.shop_id, "product": asked.product,
        "start": str(start or ""), "end": str(end or ""),
        "q": asked.q, "label": label, "mood": asked.mood, "agent": asked.agent,
        "table": asked.table, "who": asked.who, "page": asked.page,
    }  # fmt: skip
    given |= {"undated": "on"} if asked.undated == "true" else {}
    form = AskForm(QueryDict(urlencode(given)))
    if form.is_valid():
        return form
    if "label" in form.errors:
        raise UnknownNameError(f"标签 {label}：没有这个标签。请先给出 head，再用它的标签编号")
    raise BadInputError("参数", "、".join(form.errors), "请按接口文档检查")


def _days(asked: shapes.PeriodAsked) -> tuple[date | None, date | None]:
    return (None, None) if asked.start is None else stretch(asked.start, asked.days)


def _span(window: Window) -> Span:
    return Span(start=window.start, end=window.end)


def _ranking(head: str, rows: Sequence[Ranked]) -> dict[str, object]:
    shown = [
        {
            "id": row["id"],
            "name": row["label"],
            "count": row["count"],
            "before": row["before"],
            "negative": row["negative"],
        }
        for row in rows[:A_PAGE]
    ]
    return {"head": head, "title": TITLES[head][0], "labels": shown, "rest": len(rows) - len(shown)}


def _unit(
    unit: Unit, labels: Mapping[Source, Sequence[Judged]], product_id: str
) -> dict[str, object]:
    return {
        "shop_id": unit.shop_id,
        "table": unit.table,
        "id": unit.id,
        "product": product_id,
        "at": instant(unit.at),
        "count": unit.count,
        "lines": [_line(line, labels.get(line.source, ())) for line in unit.lines],
    }


def _line(line: Line, judged: Sequence[Judged]) -> dict[str, object]:
    return {
        "table": line.source[1],
        "row_id": line.source[2],
        "conv_id": line.conv_id,
        "order_no": line.order_no,
        "at": instant(line.at),
        "role": line.role,
        "text": line.text,
        "labels": [shown_label(one) for one in judged],
    }


def shown_label(judged: Judged) -> dict[str, object]:
    """Return a label that holds."""
    return {
        "head": judged.tag.head,
        "label": judged.tag.label,
        "name": judged.tag.name,
        "value": judged.tag.value,
        "p": judged.p,
        "by_person": judged.by_person,
    }


def _talk(
    talk: Conversation, page: int, labels: Mapping[Source, Sequence[Judged]]
) -> dict[str, object]:
    lines = [
        {
            "id": str(line["msg_id"]),
            "at": instant(None if line["sent_at"] is None else int(str(line["sent_at"]))),
            "role": str(line["role"] or ""),
            "agent_id": line["agent_id"],
            "type": str(line["type"] or "text"),
            "text": shown_text(line),
            "labels": [
                shown_label(one)
                for one in labels.get((talk.shop_id, "messages", str(line["msg_id"])), ())
            ],
        }
        for line in talk.lines
    ]
    return {
        "shop_id": talk.shop_id,
        "conv_id": talk.conv_id,
        "given": shown_row("conversations", talk.given),
        "lines": lines,
        "page": page,
        "pages": pages_of(talk.total, MOST_LINES),
        "total": talk.total,
        "order": _order(talk.order) if talk.order else None,
        "ratings": [shown_row("session_ratings", row) for row in talk.ratings],
        "tickets": [shown_row("tickets", row) for row in talk.tickets],
        "before": talk.before.conv_id if talk.before else None,
        "after": talk.after.conv_id if talk.after else None,
    }


def _order(card: OrderCard) -> dict[str, object]:
    return {
        "order_no": card.order_no,
        "linked_by": card.linked_by,
        "order": shown_row("orders", card.order),
        "items": [shown_row("order_items", row) for row in card.items],
        "parcels": [shown_row("shipments", row) for row in card.parcels],
        "refunds": [shown_row("refunds", row) for row in card.refunds],
        "reviews": [shown_row("reviews", row) for row in card.reviews],
    }
