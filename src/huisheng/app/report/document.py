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


class PartEntry(TypedDict):
    """A group's part of a change, in the metric's unit; a group of None holds all the others.

    The parts of one dimension add up to the change.
    """

    dimension: str
    dimension_label: str
    group: str | None
    change: float
    cases: float


class DayChangeEntry(TypedDict):
    """A metric of one day against its usual range, which the interval gives.

    `is_sure` says whether it left the range beyond chance, all comparisons of the day considered;
    only then `parts` says where.
    """

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
    parts: list[PartEntry]


class MonthEntry(TypedDict):
    """Ratings of one calendar month; `whole` says whether the data covers all of it."""

    month: str
    satisfied: int
    rated: int
    reached: bool
    whole: bool


class BadgeEntry(TypedDict):
    """A shop's way to next month's 金牌客服 badge; `probability` is None where nobody can say."""

    shop_id: str
    line: float
    least_ratings: int
    month: MonthEntry
    before: MonthEntry
    day: str
    days_left: int
    expected_ratings: int
    probability: float | None
    more_good: int | None
    slack: int | None


class ScoreTrack(TypedDict):
    """A score that the platform gave a shop, as read off day by day."""

    shop_id: str
    score_id: str
    label: str
    points: list[tuple[str, float]]


class GapEntry(TypedDict):
    """A share in which an agent surely differs from the shop's other agents."""

    metric: str
    value: float
    team: float
    cases: int


class TopicEntry(TypedDict):
    """A scene of an agent's conversations: how many there were, and with an upset buyer.

    `notice` says so where the labels may not score a person.
    """

    scene: str
    talks: int
    upset: int
    notice: NotRequired[str]


class TipEntry(TypedDict):
    """What to tell one agent: `kind` is improve, praise or steady, as the gap says."""

    shop_id: str
    agent_id: str
    kind: str
    gap: GapEntry | None
    topic: TopicEntry | None


class ShopCharts(TypedDict):
    """What one shop adds to the charts that tell of all shops together."""

    scenes: list[Ranked]
    aspects: list[Ranked]
    refund_reasons: list[Ranked]
    daily: dict[str, list[tuple[str, int]]]
    coverage: list[dict[str, str | int | None]]


class Charts(TypedDict):
    """What pages draw besides cards and findings.

    `last_day` is the last day that the data covers to its evening; `changes` are about it.
    """

    cards: list[Card]
    last_day: str
    changes: list[DayChangeEntry]
    badges: list[BadgeEntry]
    scores: list[ScoreTrack]
    tips: list[TipEntry]
    heatmaps: list[Heatmap]
    departments: list[Share]
    scenes: list[Ranked]
    aspects: list[Ranked]
    refund_reasons: list[Ranked]
    daily: dict[str, list[tuple[str, int]]]
    by_shop: dict[str, ShopCharts]


class LicenceEntry(TypedDict):
    """How right one label is: value, lower and upper bound of each measure; None where unknown.

    `shops` are those for which the measure holds, `n` texts that people gave the label, `why` what
    stands against a licence: without one the label may inform, not score a person.
    """

    head: str
    head_name: str
    label: str
    name: str
    shops: list[str]
    origin: str
    measured_on: str
    n: float
    precision: list[float] | None
    recall: list[float] | None
    kappa: list[float] | None
    granted: bool
    why: list[str]


class Method(TypedDict):
    """How the numbers were made: versions, assumptions, limits, what is missing."""

    notes: list[str]
    metric_notes: list[dict[str, str]]
    coverage: list[dict[str, str | int | None]]
    model: dict[str, str]
    comparisons: int
    assumptions: NotRequired[list[dict[str, str | int]]]
    licences: NotRequired[list[LicenceEntry]]
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


class SetAside(TypedDict):
    """Rows that could not be read: how many, and per reason; `shops` holds the reasons per shop.

    A run of an earlier release knows no shops. Rows of no known shop stand under an empty one.
    """

    rows: int
    reasons: dict[str, int]
    shops: NotRequired[dict[str, dict[str, int]]]


class Document(TypedDict):
    """The whole report of one run."""

    schema: str
    data_hash: str
    period: Span
    compared_with: Span
    shops: list[str]
    metrics: list[MetricEntry]
    findings: list[FindingEntry]
    quarantine: SetAside
    charts: Charts
    method: Method
    names: Names
    versions: dict[str, str]
