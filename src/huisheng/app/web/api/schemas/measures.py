"""Metrics: what each asks, where it stands, which cases it is made of."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema

from huisheng.app.web.api.schemas.parts import (
    Asked,
    Day,
    Days,
    Name,
    NeededName,
    PageNumber,
    Span,
)
from huisheng.metrics import Better, Rollup, Unit, Which


class MetricEntry(Schema):
    """One metric of the catalogue."""

    id: str
    label: str
    theme: str
    question: str
    unit: Unit
    better: Better
    threshold: float | None
    platforms: list[str]
    versions: list[str]


class VersionShown(Schema):
    """One wording of a platform's rule."""

    id: str
    effective_from: str
    source: str
    assumption: str


class MetricDefinition(MetricEntry):
    """A metric with its rule."""

    rollup: Rollup
    min_sample: int
    inputs: list[str]
    reasons: dict[str, str]
    rules: list[VersionShown]


class WindowAsked(Asked):
    """Which shop and days: `days` days from `start`; beside them as many from `vs_start`.

    Without a start it is the period of the current run, without `vs_start` the days just before.
    """

    shop_id: Name = ""
    version: Name = ""
    start: Day = None
    days: Days = 30
    vs_start: Day = None


class GroupsAsked(WindowAsked):
    """A breakdown: by which dimension, the worst or the largest first."""

    by: NeededName
    sort: Literal["", "size"] = ""
    page: PageNumber = 1


class CasesAsked(WindowAsked):
    """Which cases: how they stand, why, and of which group of which dimension."""

    which: Which | Literal[""] = ""
    reason: Name = ""
    by: Name = ""
    group: Name = ""
    page: PageNumber = 1


class CaseAsked(WindowAsked):
    """One case."""

    case_id: NeededName


class Value(Schema):
    """A number with what it was computed from; no denominator, no value."""

    value: float | None
    numerator: float
    denominator: int
    p50: float | None
    p90: float | None
    quality: str
    excluded: dict[str, int]


class Answer(Schema):
    """What every answer about one metric says first."""

    metric: str
    version: str
    shop_id: str
    unit: Unit
    window: Span
    compared_window: Span


class MetricAnswer(Answer):
    """Where a metric stands now and stood before."""

    threshold: float | None
    value: Value | None
    compared: Value | None
    headroom: dict[str, int | None] | None
    dimensions: list[str]


class DayValue(Schema):
    """One local day, null where nothing was counted."""

    day: date
    value: Value | None


class MarkShown(Schema):
    """What happened on a day: a campaign that began, or a stuck point that was mended."""

    day: date
    kind: Literal["campaign", "fix"]
    label: str


class TrendAnswer(Answer):
    """A metric day by day in both windows."""

    days: list[DayValue]
    compared: list[DayValue]
    marks: list[MarkShown]


class ChangeAsked(WindowAsked):
    """A change between the two windows, taken apart by which dimension."""

    by: NeededName


class PartShown(Schema):
    """A group's part of a change, in the metric's unit."""

    group: str
    name: str
    change: float


class ChangeAnswer(Answer):
    """How each group moved the whole; no parts where they would not add up to the change."""

    by: str
    before: float | None
    now: float | None
    parts: list[PartShown]


class GroupValue(Schema):
    """One group of a breakdown."""

    group: str
    name: str
    value: Value
    compared: Value | None


class GroupsAnswer(Answer):
    """One page of a breakdown; `notice` says so where people would be scored without a licence."""

    by: str
    notice: str
    rows: list[GroupValue]
    page: int
    pages: int
    total: int


class CaseShown(Schema):
    """One record, and why it is in or out."""

    case_id: str
    at: datetime | None
    numerator: float
    denominator: int
    which: Which
    reason: str | None
    sentence: str
    facts: dict[str, str | int | float | bool | None]


class CasesAnswer(Answer):
    """One page of the records behind a number; `standings` and `reasons` count all of them."""

    standings: dict[str, int]
    reasons: dict[str, int]
    rows: list[CaseShown]
    page: int
    pages: int
    total: int


class ExplanationAnswer(Answer):
    """Why one record is in or out."""

    counted: bool
    reason: str | None
    sentence: str
    rule_version: str
    facts: dict[str, str | int | float | bool | None]
    cases: list[CaseShown]
