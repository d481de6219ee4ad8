"""The state of the shops, and the report as a file has it."""

from typing import Literal

from ninja import Schema
from pydantic import Field

from huisheng.app.web.api.schemas.findings import Finding
from huisheng.app.web.api.schemas.parts import Asked, Name, Span


class ShopAsked(Asked):
    """Of one shop; of all that may be seen where none is named."""

    shop_id: Name = ""


class Point(Schema):
    """A local day and its value, null where nothing was counted."""

    day: str
    value: float | None


class Card(Schema):
    """A headline metric with what a manager compares it with."""

    metric: str
    label: str
    unit: str
    better: str
    shop_id: str
    value: float | None
    before: float | None
    threshold: float | None
    numerator: float
    denominator: int
    quality: str
    headroom: dict[str, int | None] | None
    trend: list[Point]


class DepartmentShare(Schema):
    """A department's part of all avoidable harm."""

    department: str
    label: str
    affected: int
    cny: float
    share: float


class StuckPointShown(Schema):
    """A place where service is stuck: its best-ranked finding, and how many more there are."""

    rank: int
    finding_id: str
    title: str
    shop_id: str
    department: str
    affected: float
    cny: float
    state: str
    facets: int


class ChangedPart(Schema):
    """A group's part of a change; all the others where `group` is null."""

    dimension: str
    dimension_label: str
    group: str | None
    change: float
    cases: float


class DayChange(Schema):
    """A metric of the last full day against its usual range; `parts` only where it left it."""

    metric: str
    label: str
    unit: str
    better: str
    shop_id: str
    day: str
    value: float
    usual: float
    interval: list[float]
    numerator: float
    denominator: float
    q_value: float
    is_sure: bool
    parts: list[ChangedPart]


class Month(Schema):
    """Ratings of one calendar month; `whole` says whether the data covers all of it."""

    month: str
    satisfied: int
    rated: int
    reached: bool
    whole: bool


class Badge(Schema):
    """A shop's way to next month's 金牌客服; `probability` is null where nobody can say."""

    shop_id: str
    line: float
    least_ratings: int
    month: Month
    before: Month
    day: str
    days_left: int
    expected_ratings: int
    probability: float | None
    more_good: int | None
    slack: int | None


class Score(Schema):
    """A score that the platform gave a shop, as read off day by day."""

    shop_id: str
    score_id: str
    label: str
    points: list[Point]


class Gap(Schema):
    """A share in which an agent surely differs from the shop's other agents."""

    metric: str
    value: float
    team: float
    cases: int


class Topic(Schema):
    """A scene of an agent's conversations: how many, and with an upset buyer.

    `notice` says so where the labels may not score a person.
    """

    scene: str
    talks: int
    upset: int
    notice: str = ""


class Tip(Schema):
    """What to tell one agent: improve, praise or steady."""

    shop_id: str
    agent_id: str
    kind: str
    gap: Gap | None
    topic: Topic | None


class SinceShown(Schema):
    """Titles of stuck points that came and went since the run before."""

    day: str
    new: list[str]
    gone: list[str]


class Overview(Schema):
    """What a manager sees in the morning."""

    period: Span
    compared_with: Span
    shops: list[str]
    cards: list[Card]
    points: list[StuckPointShown]
    departments: list[DepartmentShare]
    last_day: str
    changes: list[DayChange]
    badges: list[Badge]
    scores: list[Score]
    tips: list[Tip]
    since: SinceShown | None


class MetricShown(Schema):
    """One metric of one shop over the period of the run."""

    id: str
    version: str
    shop_id: str
    platform: str | None
    group: str | None = None
    value: float | None
    p50: float | None = None
    p90: float | None = None
    numerator: float
    denominator: int
    window: Span
    quality: str
    excluded: dict[str, int]


class SetAside(Schema):
    """Rows that could not be read."""

    rows: int
    reasons: dict[str, int]


class Report(Schema):
    """The report of the current run, the same as the file."""

    schema_: Literal["huisheng.report/1"] = Field(alias="schema")
    data_hash: str
    period: Span
    compared_with: Span
    shops: list[str]
    metrics: list[MetricShown]
    findings: list[Finding]
    quarantine: SetAside
