"""Stuck points, and what people decide about them."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from huisheng.app.web.api.schemas.parts import (
    LONGEST_TEXT,
    Asked,
    Count,
    Name,
    Paged,
    RowNumber,
)

STATES = Literal["new", "accepted", "disputed", "done"]


class Rate(Schema):
    """A rate with what it was computed from."""

    value: float | None
    numerator: float
    denominator: float


class Impact(Schema):
    """How many are affected, and what it costs in yuan."""

    affected: float
    cny: float


class Evidence(Schema):
    """A buyer's words, masked, and where they stand."""

    table: str
    id: str
    quote: str


class Finding(Schema):
    """One stuck point as the report has it."""

    id: str
    shop_id: str
    analysis: str
    title: str
    problem: dict[str, str]
    segment: dict[str, str]
    department: str
    observed: Rate
    expected: Rate
    interval: list[float]
    p_value: float
    q_value: float
    impact: Impact
    since: date | None
    evidence: list[Evidence]
    strategy: str


class Standing(Schema):
    """What was decided last; `version` is what the next decision must name."""

    state: STATES
    assignee_id: int | None
    assignee: str
    version: int


class FindingShown(Finding):
    """A finding with what people decided."""

    standing: Standing


class DecisionShown(Schema):
    """One step in a finding's history."""

    at: datetime
    by: str
    state: STATES
    assignee: str
    reason: str


class PastShown(Schema):
    """What one earlier run, up to `end`, said of a finding; nulls where it did not find it."""

    end: date
    value: float | None
    expected: float | None
    affected: float | None
    cny: float | None


class FindingsAsked(Paged):
    """Which findings."""

    shop_id: Name = ""
    department: Name = ""
    state: STATES | Literal[""] = ""


class Accept(Asked):
    """Take it on, or give it to somebody."""

    action: Literal["accept"]
    version: Count
    assignee_id: RowNumber | None = None
    reason: Annotated[str, Field(max_length=LONGEST_TEXT, pattern="^[^\\x00]*$")] = ""


class Dispute(Asked):
    """Say why it is not so, or not theirs."""

    action: Literal["dispute"]
    version: Count
    reason: Annotated[
        str, Field(max_length=LONGEST_TEXT, pattern="^[^\\x00]*[^\\x00\\s][^\\x00]*$")
    ]


class Done(Asked):
    """Say that it is mended."""

    action: Literal["done"]
    version: Count
    reason: Annotated[str, Field(max_length=LONGEST_TEXT, pattern="^[^\\x00]*$")] = ""


Decided = Annotated[Accept | Dispute | Done, Field(discriminator="action")]
