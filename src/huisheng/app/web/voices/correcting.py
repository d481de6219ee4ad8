"""Say what holds of a line, and see how often people agree with the model."""

from collections.abc import Sequence

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.voices.agreement import by_head, by_label
from huisheng.app.web.voices.forms import JudgementForm
from huisheng.app.web.voices.gate import page_of, reach_in, readable_record
from huisheng.app.web.voices.judging import (
    Judgement,
    OvertakenError,
    judge,
    judgements_of,
    land,
    model_labels,
)
from huisheng.app.web.voices.licensed import licensed
from huisheng.app.web.voices.listing import PAGE, Judged, Line, judged_labels
from huisheng.app.web.voices.models import Correction
from huisheng.app.web.voices.part import Source
from huisheng.app.web.voices.record import read_line
from huisheng.app.web.voices.showing import head_views, history_steps
from huisheng.app.web.voices.tags import HEADS
from huisheng.language import MODEL_VERSION
from huisheng.records import all_tables

OVERTAKEN = "别人刚刚判过这一项，没有覆盖。请看最新的标签后再定。"
LATER = "判断已经记下，数据暂时写不进去；下一次有人判断时会自动补上。"
"""Said where the lake cannot be written: nothing is lost."""


@require_GET
def overview(request: Request) -> HttpResponseBase:
    """Show how often people agreed with the model, and what was judged last."""
    request.access.need(Right.SEE_NUMBERS)
    document = library.document()
    shops = request.access.shops_with(Right.SEE_NUMBERS, document["shops"]) if document else []
    page = page_of(request.GET)
    judgements = Correction.objects.filter(shop_id__in=shops).select_related("user")
    total, first = judgements.count(), PAGE * (page - 1)
    context = {
        "heads": by_head(shops),
        "labels": by_label(shops),
        "licensed": licensed(shops),
        "model": MODEL_VERSION,
        "steps": history_steps(judgements[first : first + PAGE]),
        "readable": request.access.shops_with(Right.SEE_CONVERSATIONS, shops),
        "total": total,
        "page": page,
        "pages": -(-total // PAGE),
    }
    return render(request, "voices/labels.html.j2", context)


@require_GET
def line(request: Request, shop_id: str, table: str, row_id: str) -> HttpResponseBase:
    """Show a line with its labels, each head of them ready to be judged."""
    source = (shop_id, table, row_id)
    found, judged = labelled(request, source)
    note(request, Act.LOOKED, f"看标注：{all_tables()[table].label} {row_id}", shop_id)
    return _page(request, found, judged, "")


@require_POST
def judge_line(request: Request, shop_id: str, table: str, row_id: str) -> HttpResponseBase:
    """Keep a judgement; a page overtaken by somebody else's changes nothing and says so."""
    source = (shop_id, table, row_id)
    found, judged = labelled(request, source)
    form = JudgementForm(request.POST)
    if not form.is_valid():
        return _page(request, found, judged, complaint(form))
    try:
        landed = keep_judgement(request, found, judged, form)
    except OvertakenError:
        return _page(request, found, judged, OVERTAKEN)
    if not landed:
        return _page(request, found, judged, LATER)
    return redirect("label-line", shop_id, table, row_id)


def keep_judgement(
    request: Request, found: Line, judged: Sequence[Judged], form: JudgementForm
) -> bool:
    """Keep what a valid form says of a line; return False where the lake has to wait for it.

    Raises:
        OvertakenError: another judgement came first; nothing is changed.
    """
    head = form.cleaned_data["head"]
    with library.facts() as facts:
        model_said = model_labels(facts, found.source)
    judgement = Judgement(
        source=found.source,
        said_at_us=found.at,
        head=head,
        before=frozenset(one.tag for one in judged if one.tag.head == head),
        after=form.tags,
        model_said=frozenset(tag for tag in model_said if tag.head == head),
        seen=form.cleaned_data["seen"],
    )
    judge(judgement, request.user)
    shop_id, table, row_id = found.source
    note(request, Act.CHANGED, f"标注{all_tables()[table].label} {row_id}：{HEADS[head]}", shop_id)
    workspace = library.workspace()
    return land(workspace, workspace.offset_us)


def complaint(form: JudgementForm) -> str:
    """Return what is wrong with a judgement, in a sentence."""
    return "".join(str(error) for error in form.non_field_errors()) or "请重新选择"


def labelled(request: Request, source: Source) -> tuple[Line, tuple[Judged, ...]]:
    """Return a line that the person may judge, and the labels that hold on it."""
    reach = reach_in(request, source[0])
    request.access.need(Right.CORRECT_LABELS, source[0])
    with library.facts() as facts:
        readable_record(facts, reach, source)
        found = read_line(facts, source)
        if found is None or found.role != "buyer":
            raise Http404
        return found, tuple(judged_labels(facts, [found]).get(source, ()))


def _page(
    request: Request, found: Line, judged: tuple[Judged, ...], problem: str
) -> HttpResponseBase:
    shop_id = found.source[0]
    steps = judgements_of(found.source)
    names = library.names()
    context = {
        "line": found,
        "shop": names["shops"].get(shop_id, shop_id),
        "heads": head_views(judged, steps),
        "steps": history_steps(steps),
        "problem": problem,
    }
    status = 409 if problem == OVERTAKEN else 200
    return render(request, "voices/line.html.j2", context, status=status)
