"""Difference in differences on daily sums: how far a treated group left what a control implies.

Pure numbers: no tables, no plan, no words. A group is a `Days`; windows of it are slices.

Sources: the log of a rate and its delta-method variance (Agresti, Categorical Data Analysis, 3rd
ed., §1.4 and §16.1) with ½ added to the count (Gart & Zweifel 1967); day-to-day overdispersion from
successive differences, which a slow trend does not inflate (von Neumann 1941), with 2/3 of the
degrees of freedom; limits of a difference from the limits of its two parts (MOVER: Zou & Donner
2008); Welch–Satterthwaite degrees of freedom; spread between control segments as an additional
variance (DerSimonian & Laird 1986; the idea for one treated group: Conley & Taber 2011); means with
the day as the cluster (Liang & Zeger 1986).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import t as student

FloatArray = NDArray[np.float64]

CONFIDENCE = 0.95
SUCCESSIVE_EFFICIENCY = 2 / 3
FEWEST_SEGMENTS = 5
"""Below this many control segments their spread is not estimated."""
FEWEST_EVENTS = 5


@dataclass(frozen=True, slots=True)
class Days:
    """Sums over a group's cases, one entry per day (shape `(days,)`).

    x is a case's numerator and y its denominator; xx, xy, yy are the sums of their products.
    """

    x: FloatArray
    y: FloatArray
    xx: FloatArray
    xy: FloatArray
    yy: FloatArray

    @classmethod
    def of_counts(cls, events: FloatArray, cases: FloatArray) -> Self:
        """Return the sums of 0/1 cases, given counts per day."""
        return cls(events, cases, events, events, cases)

    @classmethod
    def of_cases(cls, day: NDArray[np.int64], x: FloatArray, y: FloatArray, days: int) -> Self:
        """Return the sums of single cases; `day` counts from 0 to `days` − 1."""
        return cls(
            *(
                np.bincount(day, weights=values, minlength=days).astype(np.float64)
                for values in (x, y, x * x, x * y, y * y)
            )
        )

    def take(self, which: slice | NDArray[np.bool_]) -> "Days":
        """Return some of the days."""
        return Days(self.x[which], self.y[which], self.xx[which], self.xy[which], self.yy[which])

    @property
    def numerator(self) -> float:
        """Return Σ x."""
        return float(self.x.sum())

    @property
    def denominator(self) -> float:
        """Return Σ y."""
        return float(self.y.sum())

    @property
    def rate(self) -> float:
        """Return Σ x / Σ y, 0 without cases."""
        return self.numerator / self.denominator if self.denominator else 0.0

    @property
    def cases(self) -> float:
        """Return the effective number of cases (Σy)² / Σy²: the count, where y is 0 or 1."""
        squares = float(self.yy.sum())
        return self.denominator**2 / squares if squares else 0.0

    @property
    def events(self) -> float:
        """Return the effective number of events (Σx)² / Σx²: the count, where x is 0 or 1."""
        squares = float(self.xx.sum())
        return self.numerator**2 / squares if squares else 0.0

    @property
    def deviation(self) -> float:
        """Return the standard deviation of one case around the rate."""
        cases = self.denominator
        return (self.noise / cases) ** 0.5 if cases else 0.0

    @property
    def noise(self) -> float:
        """Return Σ (x − rate·y)² over cases: the variance of Σx − rate·Σy if cases are alone."""
        rate = self.rate
        total = self.xx.sum() - 2 * rate * self.xy.sum() + rate**2 * self.yy.sum()
        return max(float(total), 0.0)


@dataclass(frozen=True, slots=True)
class Group:
    """One group before and after the fix."""

    before: Days
    after: Days

    @classmethod
    def halves(cls, days: Days) -> Self:
        """Return the earlier and the later half of a stretch (a middle day is left out)."""
        half = len(days.y) // 2
        return cls(days.take(slice(None, half)), days.take(slice(len(days.y) - half, None)))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference in differences.

    Attributes:
        effect: the treated group's value after the fix minus `expected`.
        interval: 95 % limits of the effect.
        p_value: two-sided; below 0.05 exactly where the interval leaves out 0.
        expected: the treated group's value after the fix, had it gone as the control did.
        degrees_of_freedom: of the critical value; infinite where nothing is overdispersed.
    """

    effect: float
    interval: tuple[float, float]
    p_value: float
    expected: float
    degrees_of_freedom: float

    def mirrored(self) -> "Estimate":
        """Return the same for the complementary share."""
        low, high = self.interval
        return replace(
            self, effect=-self.effect, interval=(-high, -low), expected=1 - self.expected
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of the log change between comparable segments, and how well it is known."""

    variance: float
    degrees_of_freedom: float


NO_SPREAD = Spread(0.0, np.inf)


def compare_rates(treated: Group, control: Group, spread: Spread = NO_SPREAD) -> Estimate:
    """Estimate the effect on a rate, in its own unit.

    Had the treated group gone as the control, its rate after would be p0t · p1c / p0c. Variances
    are taken on the log scale and the limits are put together for the difference.

    Args:
        treated: rate must not be 0/0 in either window.
        control: likewise.
        spread: by how much segments change without any fix (`spread_between`).
    """
    own, own_freedom = dispersion(treated)
    other, other_freedom = dispersion(control)
    after, after_variance = _log_rate(treated.after)
    start, start_variance = _log_rate(treated.before)
    end_control, end_variance = _log_rate(control.after)
    start_control, control_variance = _log_rate(control.before)
    expected = np.exp(start + end_control - start_control)
    of_treated = own * (after_variance + start_variance)
    of_control = other * (end_variance + control_variance)
    sides = _Sides(
        float(np.exp(after)),
        float(expected),
        (own * after_variance) ** 0.5,
        (own * start_variance + of_control + spread.variance) ** 0.5,
    )
    freedom = _welch(
        (of_treated, of_control, spread.variance),
        (own_freedom, other_freedom, spread.degrees_of_freedom),
    )
    raw = _counterfactual(treated, control, float(expected))
    return Estimate(
        effect=treated.after.rate - raw,
        interval=sides.limits(float(student.ppf((1 + CONFIDENCE) / 2, freedom))),
        p_value=float(2 * student.sf(sides.distance(), freedom)),
        expected=raw,
        degrees_of_freedom=freedom,
    )


def compare_means(treated: Group, control: Group) -> Estimate:
    """Estimate the effect on a mean, additively, with days as clusters.

    Had the treated group gone as the control, its mean after would be m0t + m1c − m0c. Every
    window needs at least two days with cases.
    """
    cells = (treated.after, treated.before, control.after, control.before)
    variances, freedoms = zip(*(_mean_variance(cell) for cell in cells), strict=True)
    expected = treated.before.rate + control.after.rate - control.before.rate
    effect = treated.after.rate - expected
    error = float(sum(variances)) ** 0.5
    freedom = _welch(variances, freedoms)
    margin = float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    distance = abs(effect) / error if error else (np.inf if effect else 0.0)
    return Estimate(
        effect=effect,
        interval=(effect - margin, effect + margin),
        p_value=float(2 * student.sf(distance, freedom)),
        expected=expected,
        degrees_of_freedom=freedom,
    )


def dispersion(group: Group) -> tuple[float, float]:
    """Return by how much days vary beyond their cases (at least 1), and the degrees of freedom.

    Half the mean squared difference of neighbouring days' standardised residuals, over both
    windows. Where days vary no more than cases do, the variance counts as known.
    """
    total, count = 0.0, 0
    for cell in (group.before, group.after):
        open_days = cell.y > 0
        noise = cell.noise
        if noise <= 0 or open_days.sum() < 2:
            continue
        x, y = cell.x[open_days], cell.y[open_days]
        residual = (x - cell.rate * y) / np.sqrt(noise * y / y.sum())
        total += float(np.square(np.diff(residual)).sum()) / 2
        count += len(residual) - 1
    ratio = total / count if count else 1.0
    return (ratio, count * SUCCESSIVE_EFFICIENCY) if ratio > 1 else (1.0, np.inf)


def spread_between(segments: Sequence[Group], overdispersion: float = 1.0) -> Spread:
    """Return the variance of segments' log changes beyond what their counts explain.

    A treated segment may drift as much as comparable segments do without any fix. Segments with
    fewer than five events in a window say nothing; fewer than five segments give none. The pooled
    control's own draw is included: 1 + 1/segments.
    """
    measured = [
        (_log_rate(group.after), _log_rate(group.before))
        for group in segments
        if min(group.before.events, group.after.events) >= FEWEST_EVENTS
    ]
    if len(measured) < FEWEST_SEGMENTS:
        return NO_SPREAD
    change = np.array([after[0] - before[0] for after, before in measured])
    weight = 1 / np.array([overdispersion * (after[1] + before[1]) for after, before in measured])
    centre = (weight * change).sum() / weight.sum()
    excess = (weight * np.square(change - centre)).sum() - (len(measured) - 1)
    variance = float(excess / (weight.sum() - np.square(weight).sum() / weight.sum()))
    if variance <= 0:
        return NO_SPREAD
    return Spread(variance * (1 + 1 / len(measured)), len(measured) - 1)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What was seen and what was expected, with standard errors of their logs."""

    seen: float
    expected: float
    seen_error: float
    expected_error: float

    def limits(self, critical: float) -> tuple[float, float]:
        """Return the limits of seen − expected by MOVER from the logs' own limits."""
        difference = self.seen - self.expected
        return difference - self._below(critical), difference + self._above(critical)

    def distance(self) -> float:
        """Return the critical value at which a limit touches 0."""
        difference = self.seen - self.expected
        if difference == 0:
            return 0.0
        reach = self._below if difference > 0 else self._above
        top = 1.0
        while reach(top) < abs(difference) and top < 64:
            top *= 2
        if top >= 64:
            return top
        return float(brentq(lambda critical: reach(critical) - abs(difference), 0.0, top))

    def _below(self, critical: float) -> float:
        return float(
            np.hypot(
                self.seen * -np.expm1(-critical * self.seen_error),
                self.expected * np.expm1(critical * self.expected_error),
            )
        )

    def _above(self, critical: float) -> float:
        return float(
            np.hypot(
                self.seen * np.expm1(critical * self.seen_error),
                self.expected * -np.expm1(-critical * self.expected_error),
            )
        )


def _log_rate(cell: Days) -> tuple[float, float]:
    """Return the log of a rate and its variance, with half an event added."""
    squares = float(cell.xx.sum())
    event = squares / cell.numerator if squares else 1.0
    # A rate of exactly 1 is not known exactly: half a case is missing from it.
    alone = max(cell.noise / squares, 0.5 / (cell.events + 1)) if squares else 1.0
    log = np.log((cell.numerator + event / 2) / (cell.denominator + event))
    return float(log), alone / (cell.events + 0.5)


def _counterfactual(treated: Group, control: Group, smoothed: float) -> float:
    if control.before.numerator == 0:
        return smoothed
    return treated.before.rate * control.after.rate / control.before.rate


def _mean_variance(cell: Days) -> tuple[float, float]:
    open_days = cell.y > 0
    days = int(open_days.sum())
    residual = cell.x[open_days] - cell.rate * cell.y[open_days]
    total = float(np.square(residual).sum())
    return total / cell.denominator**2 * days / (days - 1), days - 1


def _welch(variances: Sequence[float], freedoms: Sequence[float]) -> float:
    weighted = sum(v**2 / f for v, f in zip(variances, freedoms, strict=True))
    return sum(variances) ** 2 / weighted if weighted > 0 else float(np.inf)
