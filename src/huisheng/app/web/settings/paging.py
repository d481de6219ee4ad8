"""Pages of fifty of a list that is already there."""

from collections.abc import Sequence
from typing import TypeVar

from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.data.paging import Page, page_number

Row = TypeVar("Row")


def page_of(request: Request, rows: Sequence[Row]) -> Page[Row]:
    """Return the page that the address asks for, the last where it asks for more."""
    last = max(1, -(-len(rows) // Page.SIZE))
    number = min(page_number(request), last)
    first = (number - 1) * Page.SIZE
    return Page(list(rows[first : first + Page.SIZE]), number, len(rows))
