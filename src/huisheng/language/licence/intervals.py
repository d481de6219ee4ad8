"""Shares and agreement of labels with people, each with the interval that chance allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

Z = 1.959963984540054
"""Normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the bounds of its interval of 95 %."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f}（{self.low:.3f}–{self.high:.3f}）"


def wilson(share: float, size: float) -> Interval:
    """Return a share of `size` cases, which need not be whole, with Wilson's interval.

    It never closes: of thirty cases all right, the lower bound is 0.886 (Wilson 1927).

    Args:
        share: between 0 and 1.
        size: above 0.
    """
    shrink = Z * Z / size
    middle = (share + shrink / 2) / (1 + shrink)
    half = Z * sqrt(share * (1 - share) / size + shrink / (4 * size)) / (1 + shrink)
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def ratio(upper: Interval, lower: Interval) -> Interval:
    """Return the ratio of two independent values above or at 0, by the method of Donner and Zou.

    The bounds recover each value's variance from its own interval (MOVER-R, Stat. Methods Med.
    Res. 21, 2012), so they hold where one value is 0; a denominator that may be 0 leaves the ratio
    unbounded.
    """
    a, b = upper, lower
    value = a.value / b.value if b.value else inf
    product = a.value * b.value

    def bound(edge: float, other: float, sign: int) -> float:
        below = other * (2 * b.value - other)
        if below <= 0:
            return inf if sign > 0 else 0.0
        inside = product**2 - edge * other * (2 * a.value - edge) * (2 * b.value - other)
        return (product + sign * sqrt(max(0.0, inside))) / below

    low, high = bound(a.low, b.high, -1), bound(a.high, b.low, 1)
    return Interval(value, max(0.0, min(low, value)), max(value, high))


def cohen_kappa(table: Sequence[Sequence[float]], size: float | None = None) -> Interval | None:
    """Return Cohen's κ of two judges: agreement beyond what their habits give by chance.

    κ = (o − e) / (1 − e) with o the observed agreement and e that of two judges who choose at
    random as often as these do (Cohen 1960). As in his standard error e is taken as given; the
    interval of o is Wilson's, so that few cases in full agreement are not certain.

    Args:
        table: [k][k] how often the first judge said the row and the second the column.
        size: cases that the table is worth; by default as many as it holds.

    Returns:
        None where the table is empty, or both judges always said the same one thing: then there
        is nothing to agree on.
    """
    counts = np.asarray(table, dtype=np.float64)
    total = float(counts.sum())
    if total <= 0:
        return None
    by_chance = float(counts.sum(axis=1) @ counts.sum(axis=0)) / total**2
    if by_chance >= 1:
        return None
    agreed = wilson(float(np.trace(counts)) / total, total if size is None else size)
    bounds = (agreed.value, agreed.low, agreed.high)
    return Interval(*(max(-1.0, (some - by_chance) / (1 - by_chance)) for some in bounds))
