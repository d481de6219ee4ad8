"""Buyers' words: ranked, found, read, judged."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from huisheng.app.web.api.schemas.parts import (
    Asked,
    Count,
    Day,
    Days,
    Name,
    NeededName,
    PageNumber,
    Span,
)

HEAD = Literal["scene", "aspect", "emotion", "risk", "sentiment"]
SHOWN_HEAD = Literal["scene", "aspect", "concern", "emotion", "risk", "sentiment"]
"""Heads that are shown; of concerns nobody judges a single line."""
TABLE = Literal[
    "messages", "reviews", "session_ratings", "refunds", "disputes", "tickets", "survey_answers"
]
Cell = str | int | float | bool | None
Words = Annotated[str, Field(max_length=100, pattern="^[^\\x00]*$")]


class PeriodAsked(Asked):
    """Shop, product and days: `days` days from `start`, without it the period of the run."""

    shop_id: Name = ""
    product: Words = ""
    start: Day = None
    days: Days = 30


class RankedLabel(Schema):
    """One label: how often now and in the stretch before, how much of it in blame."""

    id: str
    name: str
    count: int
    before: int
    negative: int


class Ranking(Schema):
    """What one head counts, the most frequent first; `rest` labels did not fit."""

    head: SHOWN_HEAD
    title: str
    labels: list[RankedLabel]
    rest: int


class Rankings(Schema):
    """What buyers speak of over a period."""

    period: Span
    rankings: list[Ranking]


class WordsAsked(PeriodAsked):
    """What to look for; an empty part narrows nothing."""

    q: Words = ""
    head: SHOWN_HEAD | Literal[""] = ""
    label: Words = ""
    mood: Literal["", "negative", "positive"] = ""
    agent: Words = ""
    table: TABLE | Literal[""] = ""
    who: Literal["buyer", "agent", "all"] = "buyer"
    undated: Literal["true", "false"] = "false"
    page: PageNumber = 1


class Label(Schema):
    """A label that holds on a line; `p` is null for a person's judgement."""

    head: SHOWN_HEAD
    label: str
    name: str
    value: int
    p: float | None
    by_person: bool


class WordsLine(Schema):
    """A line found, with its labels."""

    table: str
    row_id: str
    conv_id: str | None
    order_no: str | None
    at: datetime | None
    role: str
    text: str
    labels: list[Label]


class WordsUnit(Schema):
    """A conversation or record with its newest lines found, of `count`."""

    shop_id: str
    table: str
    id: str
    product: str
    at: datetime | None
    count: int
    lines: list[WordsLine]


class WordsFound(Schema):
    """One page of what was found; `total_lines` counts lines, `total` conversations or records."""

    period: Span
    rows: list[WordsUnit]
    page: int
    pages: int
    total: int
    total_lines: int


class ConversationAsked(Asked):
    """One conversation, 500 lines a page."""

    shop_id: NeededName
    conv_id: NeededName
    page: PageNumber = 1


class ChatLine(Schema):
    """One line of a conversation, masked."""

    id: str
    at: datetime | None
    role: str
    agent_id: str | None
    type: str
    text: str
    labels: list[Label]


class Order(Schema):
    """The order a conversation is about, and how sure that is."""

    order_no: str
    linked_by: str
    order: dict[str, Cell]
    items: list[dict[str, Cell]]
    parcels: list[dict[str, Cell]]
    refunds: list[dict[str, Cell]]
    reviews: list[dict[str, Cell]]


class Talk(Schema):
    """A conversation with all that belongs to it."""

    shop_id: str
    conv_id: str
    given: dict[str, Cell]
    lines: list[ChatLine]
    page: int
    pages: int
    total: int
    order: Order | None
    ratings: list[dict[str, Cell]]
    tickets: list[dict[str, Cell]]
    before: str | None
    after: str | None


class RecordAsked(Asked):
    """One record of a table with words or facts."""

    shop_id: NeededName
    table: NeededName
    row_id: NeededName


class RecordShown(Schema):
    """The rows with one id, without what identifies a person."""

    shop_id: str
    table: str
    row_id: str
    rows: list[dict[str, Cell]]


class HeadJudged(Schema):
    """One head of a line; `seen` is what the next judgement must name."""

    head: HEAD
    labels: list[Label]
    seen: int


class JudgementShown(Schema):
    """What somebody said of a line."""

    at: datetime
    by: str
    head: HEAD
    before: str
    after: str
    agreed: bool


class LineShown(Schema):
    """A line that can be judged."""

    shop_id: str
    table: str
    row_id: str
    text: str
    heads: list[HeadJudged]
    judgements: list[JudgementShown]
    landed: bool


class LabelGiven(Asked):
    """One label that holds; `polarity` is of aspects alone."""

    label: Annotated[str, Field(min_length=1, max_length=40, pattern="^[^\\x00]*$")]
    polarity: Literal[-1, 0, 1] = 0


class Judgement(RecordAsked):
    """All labels of one head that hold on a line, none where none does."""

    head: HEAD
    labels: Annotated[list[LabelGiven], Field(max_length=12)]
    seen: Count


class HeadAgreement(Schema):
    """How often people agreed with the model on one head."""

    head: HEAD
    name: str
    judged: int
    agreed: int
    share: float | None


class LabelAgreement(Schema):
    """What people said of one label."""

    head: HEAD
    label: str
    name: str
    kept: int
    removed: int
    added: int
    precision: float | None
    recall: float | None


class Agreement(Schema):
    """How often people agree with the model."""

    model: str
    heads: list[HeadAgreement]
    labels: list[LabelAgreement]
