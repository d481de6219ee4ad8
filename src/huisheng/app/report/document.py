"""The report as data: the JSON contract, and what the pages and sheets draw besides.

One document is one analysis run. Every number a renderer shows comes from here, so that HTML, XLSX
and JSON of one run can never disagree.
"""

from typing import NotRequired, TypedDict

SCHEMA = "huisheng.report/1"


class Span(TypedDict):
    """Local dates, ISO, both included."""

    start: str
    end: str


class MetricEntry(TypedDict):
    """One metric of one shop over the period; values in the unit's shown scale."""

    id: str
    version: str
    shop_id: str
    platform: str | None
    value: float | None
    numerator: float
    denominator: int
    window: Span
    quality: str
    excluded: dict[str, int]
    p50: NotRequired[float]
    p90: NotRequired[float]
    group: NotRequired[str]


class RateEntry(TypedDict):
    """A rate with what it was computed from."""

    value: float | None
    numerator: float
    denominator: float


class EvidenceEntry(TypedDict):
    """A buyer's words and where they stand."""

    table: str
    id: str
    quote: str


class FindingEntry(TypedDict):
    """One stuck point, as in `records.Finding`."""

    id: str
    shop_id: str
    analysis: str
    title: str
    problem: dict[str, str]
    segment: dict[str, str]
    department: str
    observed: RateEntry
    expected: RateEntry
    interval: list[float]
    p_value: float
    q_value: float
    impact: dict[str, float]
    since: str | None
    evidence: list[EvidenceEntry]
    strategy: str


class Card(TypedDict):
    """A headline metric with what a manager compares it with.

    `headroom` is None where the metric has no threshold or is no share. `trend` holds one point per
    local day of the period, value None where there is no denominator.
    """

    metric: str
    label: str
    question: str
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
    trend: list[tuple[str, float | None]]
    assumption: str


class Heatmap(TypedDict):
    """Buyers' questions by weekday (Monday first) and local hour: 7 rows of 24 counts."""

    label: str
    counts: list[list[int]]
    missed: list[list[int]]


class Share(TypedDict):
    """A department's part of all avoidable harm; shares add up to 1 where there is any."""

    department: str
    label: str
    affected: int
    cny: float
    share: float


class Ranked(TypedDict):
    """One bar of a ranking: volume this period, the period before, share that is negative."""

    id: str
    label: str
    count: int
    before: int
    negative: int


class Charts(TypedDict):
    """What pages draw besides cards and findings."""

    cards: list[Card]
    heatmaps: list[Heatmap]
    departments: list[Share]
    scenes: list[Ranked]
    aspects: list[Ranked]
    refund_reasons: list[Ranked]
    daily: dict[str, list[tuple[str, int]]]


class Method(TypedDict):
    """How the numbers were made: versions, assumptions, limits, what is missing."""

    notes: list[str]
    metric_notes: list[dict[str, str]]
    coverage: list[dict[str, str | int | None]]
    model: dict[str, str]
    comparisons: int
    missing: list[str]


class Names(TypedDict):
    """Chinese names of ids that appear in the document."""

    shops: dict[str, str]
    metrics: dict[str, str]
    aspects: dict[str, str]
    scenes: dict[str, str]
    departments: dict[str, str]
    dimensions: dict[str, str]
    reasons: dict[str, str]
    products: dict[str, str]
    agents: dict[str, str]
    steps: dict[str, str]


class Document(TypedDict):
    """The whole report of one run."""

    schema: str
    data_hash: str
    period: Span
    compared_with: Span
    shops: list[str]
    metrics: list[MetricEntry]
    findings: list[FindingEntry]
    quarantine: dict[str, int | dict[str, int]]
    charts: Charts
    method: Method
    names: Names
    versions: dict[str, str]
