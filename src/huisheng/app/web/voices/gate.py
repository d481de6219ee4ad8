"""Who may read which words: asked before anything is shown."""

from django.http import Http404, QueryDict

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.voices.conversation import agent_took_part
from huisheng.app.web.voices.part import Source
from huisheng.app.web.voices.reach import Reach, reach_of
from huisheng.app.web.voices.record import Record, read_record
from huisheng.metrics import Facts

LAST_PAGE = 2_000


def reach_in(request: Request, shop_id: str) -> Reach:
    """Return what the person may read in a shop.

    Raises:
        PermissionDenied: they may read nothing anywhere.
        Http404: nothing in this shop; it may not even exist.
    """
    request.access.need(Right.SEE_CONVERSATIONS)
    reach = reach_of(request.access, [shop_id])
    if not reach.shops:
        raise Http404
    return reach


def readable_record(facts: Facts, reach: Reach, source: Source) -> Record:
    """Return a record that the person may read: an agent, what belongs to their own talks.

    Raises:
        Http404: there is none.
    """
    found = read_record(facts, source)
    if found is None:
        raise Http404
    agent_id = reach.agent_in(source[0])
    if agent_id is not None:
        conv_id = found.value("conv_id")
        if not (conv_id and agent_took_part(facts, source[0], conv_id, agent_id)):
            raise Http404
    return found


def page_of(query: QueryDict) -> int:
    """Return the page asked for, the first where none is named."""
    given = query.get("page", "")[:5]
    return min(int(given), LAST_PAGE) if given.isascii() and given.isdigit() and int(given) else 1
