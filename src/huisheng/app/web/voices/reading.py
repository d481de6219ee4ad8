"""One conversation as a chat, or one record, with all that belongs to it."""

from urllib.parse import quote

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.voices.chat import as_lines, bubbles
from huisheng.app.web.voices.conversation import MOST_LINES, read_conversation
from huisheng.app.web.voices.gate import page_of, reach_in, readable_record
from huisheng.app.web.voices.listing import judged_labels
from huisheng.app.web.voices.marking import marked
from huisheng.app.web.voices.orders import order_card
from huisheng.app.web.voices.record import Record, read_line
from huisheng.app.web.voices.showing import chips, label_spans
from huisheng.app.web.voices.wording import word

LONGEST_WORDS = 100


@require_GET
def conversation(request: Request, shop_id: str, conv_id: str) -> HttpResponseBase:
    """Show one conversation as a chat, with its order, ratings and tickets."""
    reach, page = reach_in(request, shop_id), page_of(request.GET)
    with library.facts() as facts:
        talk = read_conversation(facts, shop_id, conv_id, page, reach.agent_in(shop_id))
        if talk is None:
            raise Http404
        labels = judged_labels(facts, as_lines(talk))
    note(request, Act.LOOKED, f"会话 {conv_id}", shop_id)
    names, words = library.names(), request.GET.get("q", "")[:LONGEST_WORDS]
    context = {
        "talk": talk,
        "bubbles": bubbles(talk, labels, names, words),
        "names": names,
        "shop": names["shops"].get(shop_id, shop_id),
        "page": page,
        "pages": -(-talk.total // MOST_LINES),
        "may_correct": request.access.may(Right.CORRECT_LABELS, shop_id),
        "word": word,
    }
    return render(request, "voices/conversation.html.j2", context)


@require_GET
def record(request: Request, shop_id: str, table: str, row_id: str) -> HttpResponseBase:
    """Show one record; a message is shown within its conversation."""
    reach, source = reach_in(request, shop_id), (shop_id, table, row_id)
    with library.facts() as facts:
        found = readable_record(facts, reach, source)
        address = _chat(found)
        if address:
            return redirect(address)
        line = read_line(facts, source)
        labels = judged_labels(facts, [line]) if line else {}
        order_no = found.value("order_no")
        card = order_card(facts, shop_id, order_no) if order_no else None
    note(request, Act.LOOKED, f"{found.label} {row_id}", shop_id)
    judged, names = labels.get(source, ()), library.names()
    asked = [(source, line.text, one.tag) for one in judged] if line else []
    spans = label_spans(one for one in asked if not one[2].is_quiet)
    context = {
        "record": found,
        "pieces": marked(line.text, spans.get(source, [])) if line else (),
        "chips": chips(judged),
        "card": card,
        "names": names,
        "shop": names["shops"].get(shop_id, shop_id),
        "word": word,
        "may_correct": bool(judged) and request.access.may(Right.CORRECT_LABELS, shop_id),
    }
    return render(request, "voices/record.html.j2", context)


def _chat(found: Record) -> str:
    """Return the address of the chat that a record is a part of, empty where it is none."""
    shop_id, table, row_id = found.source
    conv_id = found.value("conv_id")
    if not conv_id or table not in ("messages", "conversations"):
        return ""
    address = reverse("conversation", args=[shop_id, conv_id])
    return f"{address}#m-{quote(row_id)}" if table == "messages" else address
