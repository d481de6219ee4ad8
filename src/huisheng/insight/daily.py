"""What changed on one day, beyond the ups and downs of the days before, and where it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEAST_DAYS = 10
"""Days with data before the day in question; fewer cannot show what is usual."""
LEAST_CASES = 5
"""A share needs this many expected good and bad cases on the day, for the normal law to hold."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums that a rate or a mean is made of."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float:
        """Return the ratio; the denominator must not be 0."""
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day against the days before it.

    Attributes:
        value: the day's value.
        usual: the value of all the days before together.
        interval: where 95 % of such days lie, were nothing new.
        p_value: how rarely an ordinary day is as far from the usual, two-sided.
    """

    value: float
    usual: float
    interval: tuple[float, float]
    p_value: float


@dataclass(frozen=True, slots=True)
class Part:
    """A group's part of the change of a ratio, in the ratio's unit; parts add up to the change."""

    group: str
    change: float
    now: Tally
    before: Tally


def day_change(days: Sequence[Tally], day: Tally, *, is_share: bool) -> DayChange | None:
    """Return whether a day's rate or mean leaves the range of the days before; None if too few.

    A day's value has variance σ²/denominator about the usual one (rates of many cases vary less);
    σ² is estimated from the days themselves, so their own ups and downs, weekdays included, count
    as usual; for a share never below that of independent cases. The statistic is Student's t of a
    new observation, with (number of days − 1) degrees of freedom.
    """
    known = [past for past in days if past.denominator > 0]
    if len(known) < LEAST_DAYS or day.denominator <= 0:
        return None
    sizes = np.array([past.denominator for past in known])
    values = np.array([past.value for past in known])
    total = float(sizes.sum())
    usual = float((sizes * values).sum() / total)
    if is_share and day.denominator * min(usual, 1 - usual) < LEAST_CASES:
        return None
    spread = float((sizes * (values - usual) ** 2).sum() / (len(known) - 1))
    if is_share:
        spread = max(spread, usual * (1 - usual))
    error = float(np.sqrt(spread * (1 / day.denominator + 1 / total)))
    if error == 0:
        return None
    law = stats.t(len(known) - 1)
    half = float(law.ppf(0.975)) * error
    p_value = float(2 * law.sf(abs(day.value - usual) / error))
    low, high = usual - half, usual + half
    return DayChange(
        day.value, usual, (max(0.0, low), min(1.0, high) if is_share else high), p_value
    )


def contributions(now: Mapping[str, Tally], before: Mapping[str, Tally]) -> list[Part]:
    """Return every group's part of the change of Σnumerator/Σdenominator, largest first.

    A group's part is what it moved the whole away from the whole's value before, now less than
    before: (n₁ − r₀·d₁)/D₁ − (n₀ − r₀·d₀)/D₀, with r₀ the value before. It counts both a group
    that became better or worse and one that became larger or smaller; the parts add up to the
    change exactly. Empty where either side has no denominator.
    """
    size_now = sum(tally.denominator for tally in now.values())
    size_before = sum(tally.denominator for tally in before.values())
    if size_now <= 0 or size_before <= 0:
        return []
    base = sum(tally.numerator for tally in before.values()) / size_before
    nothing = Tally(0.0, 0.0)
    parts = []
    for group in {**before, **now}:
        after, earlier = now.get(group, nothing), before.get(group, nothing)
        change = (after.numerator - base * after.denominator) / size_now - (
            earlier.numerator - base * earlier.denominator
        ) / size_before
        parts.append(Part(group, change, after, earlier))
    return sorted(parts, key=lambda part: (-abs(part.change), part.group))
