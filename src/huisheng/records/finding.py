"""What an analysis concludes, in the one shape that reports, alerts, tickets and pages read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """An observed or expected rate with what it was computed from."""

    value: float | None
    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: `kind` is aspect, scene, refund_reason, metric or step."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A buyer's words: `quote` stands verbatim in row `id` of `table` (the quote gate)."""

    table: str
    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Impact:
    """How many people a finding touched and what it cost beyond what was expected, in yuan."""

    affected: int
    cny: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One stuck point (卡点): a problem, where it sits, who owns it, and the numbers.

    `id` is a hash of shop, analysis, problem and segment, so it is stable over time. `interval`
    bounds `observed.value`; `since` is an ISO date or None when the start cannot be told.
    """

    id: str
    shop_id: str
    analysis: str
    title: str
    problem: Problem
    segment: dict[str, str]
    department: str
    observed: Rate
    expected: Rate
    interval: tuple[float, float]
    p_value: float
    q_value: float
    impact: Impact
    since: str | None
    evidence: tuple[Evidence, ...]
    strategy: str
