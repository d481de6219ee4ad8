"""What buyers say: terms, topics, and what has no name."""

from typing import Literal

from ninja import Schema

from huisheng.app.web.api.schemas.parts import Span
from huisheng.app.web.api.schemas.voices import HEAD, PeriodAsked


class TermsAsked(PeriodAsked):
    """Shop, product, phase and days, and what topics are ranked by."""

    phase: Literal["", "pre", "mid", "post"] = ""
    by: Literal["heat", "talks", "growth", "negative"] = "heat"


class CommonTerm(Schema):
    """A term: conversations now and before, shares of its conversations, odds against the rest."""

    term: str
    talks: int
    before: int
    share: float
    growth: float | None
    negative: float
    unnamed: float
    lift: float | None


class RisingTerm(Schema):
    """A term that rises in the period's last week: `weeks` counts each week, that one last."""

    term: str
    talks: int
    expected: float
    growth: float
    q: float
    weeks: list[int]


class HotTopic(Schema):
    """A scene or aspect.

    heat = share × (1 + ln(1 + customers)) × freshness × (1 + 0.5 · negative)
    """

    head: HEAD
    label: str
    name: str
    heat: float
    talks: int
    before: int
    share: float
    customers: int
    freshness: float
    negative: float
    week: int
    week_before: int
    growth: float | None


class ProductTalks(Schema):
    """How often a product was spoken of; an empty id is an unknown product."""

    product_id: str
    talks: int


class UnnamedGroup(Schema):
    """Requests without a label, under the phrase that leads them; `id` stays from run to run.

    A permitted language model suggests a name and an aspect of the taxonomy, null where none.
    """

    id: str
    shop_id: str
    phrase: str
    talks: int
    before: int
    customers: int
    growth: float | None
    products: list[ProductTalks]
    quotes: list[str]
    suggested_name: str | None
    suggested_aspect: str | None


class Need(Schema):
    """A phrase without a label that one product's buyers bring up before sale above others."""

    shop_id: str
    product_id: str
    phrase: str
    talks: int
    expected: float
    lift: float
    q: float


class Spoken(Schema):
    """What buyers say: `weeks_before` and `compared` terms were held against the last week."""

    period: Span
    week: Span
    weeks_before: int
    compared: int
    talks: int
    talks_before: int
    rising: list[RisingTerm]
    common: list[CommonTerm]
    topics: list[HotTopic]
    unnamed: list[UnnamedGroup]
    unnamed_texts: int
    ungrouped_texts: int
    needs: list[Need]
