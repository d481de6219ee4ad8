"""Long lists in pages of fifty."""

from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.http import HttpRequest

Row = TypeVar("Row")
LARGEST_PAGE = 1_000_000
LONGEST_NUMBER = 7


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, its number from 1, and how many rows there are in all."""

    SIZE: ClassVar[int] = 50

    rows: list[Row]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.total // self.SIZE))


def page_number(request: HttpRequest) -> int:
    """Return the page asked for, the first where that is no number."""
    text = request.GET.get("page", "1")[:LONGEST_NUMBER]
    return min(max(1, int(text)), LARGEST_PAGE) if text.isascii() and text.isdigit() else 1
