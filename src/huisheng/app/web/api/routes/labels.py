"""One line with its labels, and what a person says of them."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.http import urlencode
from ninja import Query, Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.api.routes.voices import shown_label
from huisheng.app.web.api.schemas import voices as shapes
from huisheng.app.web.audit.models import Act, note
from huisheng.app.web.voices.correcting import complaint, keep_judgement, labelled
from huisheng.app.web.voices.forms import JudgementForm
from huisheng.app.web.voices.judging import judgements_of
from huisheng.app.web.voices.listing import Judged, Line
from huisheng.app.web.voices.showing import history_steps
from huisheng.app.web.voices.tags import HEADS
from huisheng.errors import BadInputError

router = Router(tags=["顾客之声"])


@router.get("/line", response=shapes.LineShown, summary="一句话的标签和改判经过")
def line(request: Request, asked: Query[shapes.RecordAsked]) -> dict[str, object]:
    """Show a line that may be judged."""
    found, judged = labelled(request, (asked.shop_id, asked.table, asked.row_id))
    note(request, Act.LOOKED, f"标注 {asked.table} {asked.row_id}", asked.shop_id)
    return _shown(found, judged)


@router.post("/judgements", response=shapes.LineShown, summary="改判一句话的标签")
def judge(request: Request, given: shapes.Judgement) -> dict[str, object]:
    """Keep what somebody says of one head of a line; `seen` must be the number last read."""
    source = (given.shop_id, given.table, given.row_id)
    found, judged = labelled(request, source)
    pairs = [("label", label.label) for label in given.labels]
    pairs += [("value", str(label.polarity)) for label in given.labels]
    form = JudgementForm(
        QueryDict(urlencode([("head", given.head), ("seen", str(given.seen)), *pairs]))
    )
    if not form.is_valid():
        raise BadInputError("labels", complaint(form).rstrip("。"), "请按标签编号重新给出")
    landed = keep_judgement(request, found, judged, form)
    return _shown(*labelled(request, source), landed=landed)


def _shown(found: Line, judged: Sequence[Judged], *, landed: bool = True) -> dict[str, object]:
    steps = judgements_of(found.source)
    shop_id, table, row_id = found.source
    heads = [
        {
            "head": head,
            "labels": [shown_label(one) for one in judged if one.tag.head == head],
            "seen": sum(step.head == head for step in steps),
        }
        for head in HEADS
    ]
    told = [
        {
            "at": step.at,
            "by": step.by,
            "head": raw.head,
            "before": step.before,
            "after": step.after,
            "agreed": step.agreed,
        }
        for step, raw in zip(history_steps(steps), steps, strict=True)
    ]
    return {
        "shop_id": shop_id,
        "table": table,
        "row_id": row_id,
        "text": found.text,
        "heads": heads,
        "judgements": told,
        "landed": landed,
    }
