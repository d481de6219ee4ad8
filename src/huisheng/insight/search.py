"""Find stuck points: segments whose rate of a problem is higher than custom and chance explain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.insight.crossing import Crossing, Segmentation
from huisheng.insight.statistics import (
    Floats,
    Ints,
    custom_spread,
    daily_dispersion,
    evidence_gain,
    excess_p_value,
    q_values,
)

FALSE_DISCOVERY_RATE = 0.05
LEAST_LIFT = 1.5
LEAST_EVENTS = 5
LEAST_EXCESS = 4.0
LEAST_EXPOSED = 20
LEAN = 20.0
"""Units of overall rate that a stratum's own rest is mixed with."""

MOST_PER_PROBLEM = 6

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hit:
    """One segment with too much of one problem, in counts of units.

    `units` are the row numbers of its units that met the problem.
    """

    dimensions: tuple[str, ...]
    values: tuple[str, ...]
    problem: tuple[str, str]
    observed: float
    expected: float
    exposed: float
    dispersion: float
    p_value: float
    gain: float
    members: Ints
    units: Ints


@dataclass(frozen=True, slots=True)
class Scores:
    """The comparison of every segment of one segmentation, for one problem."""

    observed: Floats
    expected: Floats
    exposed: Floats
    dispersion: Floats
    p_value: Floats
    gain: Floats
    comparable: Bools

    @property
    def testable(self) -> Bools:
        """Return which segments are compared at all; only these count as comparisons."""
        return self.comparable & (self.exposed >= LEAST_EXPOSED) & (self.expected > 0)

    @property
    def worth(self) -> Bools:
        """Return which segments are high enough to matter to a manager."""
        high: Bools = (
            self.testable
            & (self.observed >= LEAST_EVENTS)
            & (self.observed >= LEAST_LIFT * self.expected)
            & (self.observed - self.expected >= LEAST_EXCESS)
        )
        return high


def all_p_values(crossing: Crossing) -> Floats:
    """Return the p-values of every comparison of one exposure."""
    alive = np.ones(crossing.size, dtype=bool)
    found = [np.empty(0)]
    for problem, units in crossing.problems.items():
        noise = _noise(crossing, units)
        for segmentation in crossing.cuts_for(problem):
            scores = compare(segmentation, units, alive, noise)
            found.append(scores.p_value[scores.testable])
    return np.concatenate(found)


def significance_line(p_values: Floats, rate: float = FALSE_DISCOVERY_RATE) -> float:
    """Return the largest p-value that Benjamini–Hochberg accepts over all comparisons, or 0."""
    if len(p_values) == 0:
        return 0.0
    accepted = p_values[q_values(p_values) <= rate]
    return float(accepted.max()) if len(accepted) else 0.0


def peel(crossing: Crossing, line: float) -> list[Hit]:
    """Return the segments that explain each problem's excess, the best first, nested ones folded.

    The segment that gains most likelihood is taken and its units are set aside; what else is still
    above `line` after that stands on its own. So a bad SKU takes its product, its category and its
    agents' complaints with it, and two bad provinces of one carrier stay two.
    """
    hits: list[Hit] = []
    for problem, units in crossing.problems.items():
        alive = np.ones(crossing.size, dtype=bool)
        noise = _noise(crossing, units)
        for _ in range(MOST_PER_PROBLEM):
            hit = _best(crossing, problem, units, alive, noise, line)
            if hit is None:
                break
            hits.append(hit)
            alive[hit.members] = False
    return hits


def discovery_rates(p_values: Floats, comparisons: int) -> Floats:
    """Return the q-value of each folded hit: the share of chance hits expected down to it.

    One stuck point makes many nested segments significant, and each would entitle the plain
    procedure to more false discoveries; so hits are ranked among themselves, after folding, against
    all comparisons made: q = min over the hits no better than this one of p · comparisons / rank.
    """
    unseen = np.ones(max(0, comparisons - len(p_values)))
    return q_values(np.concatenate([p_values, unseen]))[: len(p_values)]


def compare(segmentation: Segmentation, units: Ints, alive: Bools, noise: float) -> Scores:
    """Compare every segment with what the rest of its strata would lead one to expect.

    Strata are the cut's `within` × week, so a promotion or a category's custom is nobody's fault.
    A segment is left out of the rate it is compared with; a thin stratum leans on the overall rate.
    """
    cells = _cells(segmentation, units, alive)
    rest_size = cells.rest + LEAN
    rate = np.clip((cells.rest_events + LEAN * cells.overall) / rest_size, 0.0, 1.0)
    per_segment = cells.per_segment
    expected = per_segment(cells.exposed * rate)
    uncertainty = per_segment(cells.exposed**2 * rate * (1 - rate) / rest_size)
    seen = per_segment(cells.observed)
    spread = custom_spread(seen, expected, noise)
    dispersion = noise + spread**2 * expected + uncertainty / np.maximum(expected, 1e-9)
    alone = segmentation.cut.strict & (per_segment(cells.rest) < LEAST_EXPOSED)
    return Scores(
        observed=seen,
        expected=expected,
        exposed=per_segment(cells.exposed),
        dispersion=dispersion,
        p_value=excess_p_value(seen, expected, dispersion),
        gain=evidence_gain(seen, expected, dispersion),
        comparable=segmentation.named & ~alone,
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts per cell: its own units and events, its stratum's other ones, the overall rate."""

    segmentation: Segmentation
    exposed: Floats
    observed: Floats
    rest: Floats
    rest_events: Floats
    overall: Floats

    def per_segment(self, values: Floats) -> Floats:
        """Return the sum over each segment's cells."""
        return _by_segment(self.segmentation, values)


def _cells(segmentation: Segmentation, units: Ints, alive: Bools) -> Cells:
    # Units of which the dimension is unknown are another kind of unit, not the rest of this one.
    member = alive & (segmentation.cells >= 0)
    met = units[member[units]]
    exposed = _counts(segmentation.cells[member], segmentation.cell_count)
    observed = _counts(segmentation.cells[met], segmentation.cell_count)
    all_exposed = _counts(segmentation.strata[member], segmentation.stratum_count)
    all_observed = _counts(segmentation.strata[met], segmentation.stratum_count)
    others = all_exposed.sum() - _by_segment(segmentation, exposed)
    other_events = all_observed.sum() - _by_segment(segmentation, observed)
    overall = (other_events + 0.5) / np.maximum(others + 1.0, 1.0)
    return Cells(
        segmentation=segmentation,
        exposed=exposed,
        observed=observed,
        rest=all_exposed[segmentation.cell_stratum] - exposed,
        rest_events=all_observed[segmentation.cell_stratum] - observed,
        overall=overall[segmentation.cell_segment],
    )


def _counts(codes: Ints, count: int) -> Floats:
    return np.bincount(codes, minlength=count).astype(np.float64)


def _by_segment(segmentation: Segmentation, values: Floats) -> Floats:
    summed = np.bincount(
        segmentation.cell_segment, weights=values, minlength=segmentation.segment_count
    )
    return summed.astype(np.float64)


def _noise(crossing: Crossing, units: Ints) -> float:
    """Return the overdispersion of the problem's daily counts."""
    exposed = np.bincount(crossing.days, minlength=crossing.day_count).astype(float)
    observed = np.bincount(crossing.days[units], minlength=crossing.day_count).astype(float)
    return daily_dispersion(observed, exposed * (len(units) / max(crossing.size, 1)))


def _best(
    crossing: Crossing,
    problem: tuple[str, str],
    units: Ints,
    alive: Bools,
    noise: float,
    line: float,
) -> Hit | None:
    best: Hit | None = None
    for segmentation in crossing.cuts_for(problem):
        scores = compare(segmentation, units, alive, noise)
        eligible = scores.worth & (scores.p_value <= line)
        if not eligible.any():
            continue
        index = int(np.argmax(np.where(eligible, scores.gain, -1.0)))
        # A finer cut must explain clearly more than a coarser one to be preferred to it.
        gain = float(scores.gain[index]) - segmentation.handicap
        if best is None or gain > best.gain:
            best = _hit(segmentation, index, scores, problem, units, alive, gain)
    return best


def _hit(
    segmentation: Segmentation,
    index: int,
    scores: Scores,
    problem: tuple[str, str],
    units: Ints,
    alive: Bools,
    gain: float,
) -> Hit:
    inside = alive & segmentation.holds(index)
    return Hit(
        dimensions=segmentation.dimensions,
        values=segmentation.values_of(index),
        problem=problem,
        observed=float(scores.observed[index]),
        expected=float(scores.expected[index]),
        exposed=float(scores.exposed[index]),
        dispersion=float(scores.dispersion[index]),
        p_value=float(scores.p_value[index]),
        gain=gain,
        members=np.flatnonzero(inside),
        units=units[inside[units]],
    )
