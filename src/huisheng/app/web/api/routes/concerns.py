"""The merchant's own concerns: what is in use, every change, and a new one."""

from dataclasses import asdict

from ninja import Router

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas import concerns as shapes
from huisheng.app.web.settings import changing
from huisheng.app.web.settings.concerning import book, labelled_edition, written_by
from huisheng.language import Concern

router = Router(tags=["设置"])


@router.get("/concerns", response=shapes.Concerns, summary="自己的关注点")
def concerns(request: Request) -> dict[str, object]:
    """List the concerns in use and every change that made them."""
    request.access.need(Right.CHANGE_SETTINGS)
    return _shown()


@router.post("/concerns", response=shapes.Concerns, summary="添加、修改、拆分、合并或停用关注点")
def change_concerns(request: Request, given: shapes.ConcernsChange) -> dict[str, object]:
    """Make one change of the concerns; history is labelled anew by the next analysis."""
    fresh = iter(book().book.next_ids(len(given.concerns)))
    made = [_concern(one, fresh_id) for one, fresh_id in zip(given.concerns, fresh, strict=True)]
    why = given.why.strip()
    change = written_by(request, given.act, made, given.of, why)
    changing.change_concerns(request, change, seen=given.edition)
    return _shown()


def _concern(one: shapes.ConcernGiven, fresh: str) -> Concern:
    return Concern(
        id=one.id or fresh,
        label=one.label.strip(),
        aspect=one.aspect,
        words=tuple(one.words),
        examples=tuple(one.examples),
        unlike=tuple(one.unlike),
        categories=tuple(one.categories),
    )


def _shown() -> dict[str, object]:
    found = book()
    return {
        "edition": found.book.edition,
        "labelled": labelled_edition(),
        "concerns": [asdict(found.book.defined[id_]) for id_ in found.book.live],
        "changes": [
            {
                "edition": edition,
                "act": change.act,
                "by": change.by,
                "at": change.at,
                "why": change.why,
                "of": list(change.of),
                "made": [one.id for one in change.concerns],
            }
            for edition, change in enumerate(found.changes, start=1)
        ],
    }
