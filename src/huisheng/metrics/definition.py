"""The shape of one metric file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import ibis

from huisheng.metrics.assumption import Assumption, Chosen
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window
from huisheng.records import Row

CASE_COLUMNS = ("shop_id", "case_id", "at", "numerator", "denominator", "reason")
"""What every `cases` expression gives, beside any columns that serve as facts or dimensions:

shop_id, case_id (natural key of what is counted), at (UTC µs), numerator and denominator (int64:
0/1 for a share; µs or fen over 1 for a mean or a sum) and reason (why the case is not in the
numerator or not in scope at all; null when there is nothing to explain). An optional int64 column
`partial` is 1 where the case rests on the version's assumption instead of on what was recorded."""


class Unit(StrEnum):
    """What a metric's value is, and how many stored units make one shown unit."""

    SHARE = "share"
    SECONDS = "seconds"
    HOURS = "hours"
    YUAN = "yuan"
    COUNT = "count"
    SCORE = "score"

    @property
    def divisor(self) -> int:
        """Return how many stored units (µs, fen) one shown unit has."""
        return {"seconds": 1_000_000, "hours": 3_600_000_000, "yuan": 100}.get(self.value, 1)


class Rollup(StrEnum):
    """How cases become a value."""

    RATIO = "ratio"  # Σ numerator / Σ denominator
    MEAN = "mean"  # the same, with p50 and p90 of the cases beside it
    SUM = "sum"  # Σ numerator
    PEAK = "peak"  # the largest Σ numerator of any one hour of the day


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a proof expects; None leaves a field unchecked, `no_value` demands a null value."""

    numerator: float | None = None
    denominator: int | None = None
    value: float | None = None
    no_value: bool = False
    quality: str | None = None
    excluded: Mapping[str, int] | None = None
    counted: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """Rows as a person writes them, a window of local dates, and the answer worked out by hand."""

    name: str
    rows: Mapping[str, tuple[Row, ...]]
    window: tuple[str, str]
    expect: Expected
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of the rule.

    Attributes:
        id: short name, `2022`.
        effective_from: first local date it applies, ISO.
        source: where the wording comes from.
        cases: the cases of a window, with at least `CASE_COLUMNS`.
        assumption: what is then assumed, or what the source leaves open; shown to users.
    """

    id: str
    effective_from: str
    source: str
    cases: Callable[[Facts, Window], ibis.Table]
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it asks, how its cases roll up, its versions and its proofs.

    Attributes:
        label: Chinese name.
        question: what a manager learns from it.
        rollup: how cases become a value.
        counts_events: cases are bad or good events over exposed orders, so «counted» means in the
            numerator; otherwise it means in scope.
        threshold: the platform's or the trade's line, in the unit's shown scale.
        min_sample: below this denominator the quality is `low_sample`.
        platforms: platforms whose rule it is; empty for every platform.
        product_min_sample: by product, groups below this denominator are not assessed.
        reasons: Chinese sentence per exclusion reason.
        versions: the first is the default.
        assumptions: numbers that no source settles and a workspace may change.
        case_denominator: where an assumption changes what one case weighs, its weight by default;
            whether the sample is low is then judged by cases.
        labels: labels of buyers' words that decide its cases, by head; none named means every one
            of the head. By person it may only be shown as information where one has no licence.
    """

    label: str
    question: str
    unit: Unit
    better: Better
    rollup: Rollup
    versions: tuple[Version, ...]
    proofs: tuple[Proof, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)
    counts_events: bool = False
    threshold: float | None = None
    min_sample: int = 30
    platforms: tuple[str, ...] = ()
    product_min_sample: int = 0
    inputs: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    case_denominator: int = 0
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def told(self, version: Version, chosen: Chosen) -> str:
        """Return what a version assumes, with every number that the workspace changed."""
        changed = [
            f"{one.label}改为 {one.told(chosen[one.id])}（默认 {one.told(one.default)}）"
            for one in self.assumptions
            if chosen.get(one.id, one.default) != one.default
        ]
        return "；".join([*filter(None, [version.assumption]), *changed])

    def version(self, id_: str | None) -> Version | None:
        """Return a version by id, the default one for None, or None when there is no such."""
        if id_ is None:
            return self.versions[0]
        return next((version for version in self.versions if version.id == id_), None)
