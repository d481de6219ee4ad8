"""What questions and answers are made of: numbers, days, pages, instants."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Generic, TypeVar

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

NO_NUL = "^[^\\x00]*$"
A_PAGE, LAST_PAGE = 50, 2_000
LONGEST_ID, LONGEST_TEXT = 300, 500
MOST_DAYS = 400
LARGEST = 2_000_000_000
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)

Row = TypeVar("Row")


def whole(value: object) -> object:
    """Refuse what is a whole number only by good will: `1.0`, ` 1`, `1_000`."""
    if isinstance(value, str) and not re.fullmatch(r"-?(0|[1-9][0-9]{0,18})", value):
        raise ValueError("要写整数")
    return value


def number(value: object) -> object:
    """Refuse what is a number only by good will: text, true."""
    if isinstance(value, (str, bool)):
        raise ValueError("要写整数")
    return value


def a_day(value: object) -> object:
    """Refuse what is a date only by good will: seconds since 1970, `20260801`."""
    if value is None:
        return value
    if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        raise ValueError("日期要写成 2026-08-01 这样")
    return value


Day = Annotated[
    date | None, BeforeValidator(a_day), WithJsonSchema({"type": "string", "format": "date"})
]
"""A day that need not be given; an address has no way to write that there is none."""
PageNumber = Annotated[int, Field(ge=1, le=LAST_PAGE), BeforeValidator(whole)]
Days = Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(whole)]
RowNumber = Annotated[int, Field(ge=1, le=LARGEST), BeforeValidator(number)]
Count = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(number)]
"""Of bodies, where a number is no text."""
YesNo = Annotated[bool, Field(strict=True)]
"""Of bodies, where 1 is no true."""
Name = Annotated[str, Field(max_length=LONGEST_ID, pattern=NO_NUL)]
NeededName = Annotated[str, Field(min_length=1, max_length=LONGEST_ID, pattern=NO_NUL)]


class Asked(Schema):
    """A question; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Paged(Asked):
    """A question about a long list."""

    page: PageNumber = 1


class Page(Schema, Generic[Row]):
    """One page of a long list: its rows, and how many there are in all."""

    rows: list[Row]
    page: int
    pages: int
    total: int


class Span(Schema):
    """Local dates, both included."""

    start: date
    end: date


class Named(Schema):
    """An id with its Chinese name."""

    id: str
    name: str


def instant(micros: int | None) -> datetime | None:
    """Return UTC microseconds as an instant."""
    return None if micros is None else datetime.fromtimestamp(micros / 1_000_000, UTC)


def pages_of(total: int, a_page: int = A_PAGE) -> int:
    """Return how many pages a list has, at least one."""
    return max(1, -(-total // a_page))
