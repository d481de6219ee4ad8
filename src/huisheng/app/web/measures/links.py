"""Where a record leads: to the conversation it came from, or that is about its order."""

from collections.abc import Iterable, Mapping

from django.urls import NoReverseMatch, reverse

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.measures import answers
from huisheng.metrics import Case


def conversation_address(access: Access, shop_id: str, conv_id: str) -> str:
    """Return the address of a conversation's page; empty where the person may not read it."""
    if not access.may(Right.SEE_CONVERSATIONS, shop_id):
        return ""
    try:
        return reverse("conversation", args=[shop_id, conv_id])
    except NoReverseMatch:
        # An id that no address can carry, or a server without that room.
        return ""


def conversations_of(
    access: Access, shop_id: str, cases: Iterable[Case]
) -> Mapping[str, tuple[str, ...]]:
    """Return per case id the addresses of its conversations, else of those about its order."""
    if not access.may(Right.SEE_CONVERSATIONS, shop_id):
        return {}
    own = {case.case_id: _text(case, "conv_id") for case in cases}
    orders = {case.case_id: _text(case, "order_no") for case in cases if not own[case.case_id]}
    about = answers.conversations(shop_id, (order for order in orders.values() if order))
    talks = {
        case_id: (conv_id,) if conv_id else about.get(orders[case_id], ())
        for case_id, conv_id in own.items()
    }
    return {
        case_id: tuple(
            address
            for conv_id in found
            if (address := conversation_address(access, shop_id, conv_id))
        )
        for case_id, found in talks.items()
    }


def _text(case: Case, column: str) -> str:
    return str(case.facts.get(column) or "")
