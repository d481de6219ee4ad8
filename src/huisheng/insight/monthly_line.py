"""Will a share, counted over a calendar month, reach its line by the end of the month?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy import optimize, special, stats

from huisheng.insight.daily import Tally
from huisheng.insight.statistics import Floats, Ints

LEAST_RATED_DAYS = 7
LONGEST_TAIL = 1e-6


@dataclass(frozen=True, slots=True)
class MonthForecast:
    """Where a month's share stands and how it may end.

    Attributes:
        so_far: the sums of the month's days so far.
        days_left: days of the month still to come.
        expected_cases: cases expected by the end of the month.
        probability: of ending at or above the line with at least the least number of cases; None
            where too few days are known to say, 0 or 1 when the month is over.
    """

    so_far: Tally
    days_left: int
    expected_cases: float
    probability: float | None


def month_forecast(
    recent: Sequence[Tally], month: Sequence[Tally], days_left: int, line: float, least_cases: int
) -> MonthForecast:
    """Return how likely a month's Σnumerator/Σdenominator ends at or above `line`.

    Args:
        recent: the days before the end of the data, the month's own included; they say how many
            cases a day brings and how good they are. Days without cases belong in it.
        month: the days of the month so far.
        days_left: days of the month without data yet.
        line: the share to reach, 0–1, compared without rounding.
        least_cases: fewer cases in the whole month never reach it.

    The number of cases still to come is negative binomial with the mean and variance of the recent
    days (never less than Poisson's); the good ones among them are beta-binomial,
    with the share of the recent days known only as well as days that differ from each other allow.
    """
    so_far = _sum(month)
    if days_left == 0:
        reached = so_far.denominator >= least_cases and _reaches(so_far, line)
        return MonthForecast(so_far, 0, so_far.denominator, float(reached))
    counts = np.array([day.denominator for day in recent])
    expected = so_far.denominator + days_left * (float(counts.mean()) if len(counts) else 0.0)
    if np.count_nonzero(counts) < LEAST_RATED_DAYS:
        return MonthForecast(so_far, days_left, expected, None)
    sizes, chances = _cases_to_come(counts, days_left)
    good, bad = _knowledge(recent, days_left)
    needed = np.ceil(line * (so_far.denominator + sizes) - so_far.numerator - 1e-9)
    enough = so_far.denominator + sizes >= least_cases
    reached_chance = np.where(
        needed <= 0, 1.0, stats.betabinom.sf(np.maximum(needed, 1) - 1, sizes, good, bad)
    )
    probability = float((chances * np.where(enough, reached_chance, 0.0)).sum())
    return MonthForecast(so_far, days_left, expected, min(1.0, max(0.0, probability)))


def _sum(days: Sequence[Tally]) -> Tally:
    return Tally(sum(day.numerator for day in days), sum(day.denominator for day in days))


def _reaches(tally: Tally, line: float) -> bool:
    return tally.numerator >= ceil(line * tally.denominator - 1e-9)


def _cases_to_come(counts: Floats, days_left: int) -> tuple[Ints, Floats]:
    """Return possible numbers of cases in the days left, and the chance of each."""
    mean = float(counts.mean()) * days_left
    # The mean itself is known from len(counts) days only.
    spread = max(float(counts.var(ddof=1)), float(counts.mean()))
    # A little more than the mean, so that one law serves: its limit is Poisson's.
    variance = max(spread * days_left * (1 + days_left / len(counts)), mean * 1.0001)
    law = stats.nbinom(mean * mean / (variance - mean), mean / variance)
    sizes = np.arange(int(law.ppf(LONGEST_TAIL)), int(law.isf(LONGEST_TAIL)) + 1)
    chances = law.pmf(sizes)
    return sizes, chances / chances.sum()


def _knowledge(days: Sequence[Tally], days_left: int) -> tuple[float, float]:
    """Return the beta law of the coming days' share: as sure as days that differ allow."""
    known = [day for day in days if day.denominator > 0]
    total = _sum(known)
    within = _correlation(known)
    # The coming days have their own mean: it varies like one day's, over as many days.
    variance_past = within / len(known) + (1 - within) / total.denominator
    variance = variance_past + within / days_left
    strength = max(1.0, 1 / max(variance, 1e-9) - 1)
    share = (total.numerator + 0.5) / (total.denominator + 1)
    return share * strength, (1 - share) * strength


def _correlation(days: Sequence[Tally]) -> float:
    """Return ρ of a beta-binomial law of the days: 0 where they differ no more than by chance."""
    good = np.array([day.numerator for day in days])
    size = np.array([day.denominator for day in days])
    share = (good.sum() + 0.5) / (size.sum() + 1)

    def unlikely(rho: float) -> float:
        strength = 1 / rho - 1
        first, second = share * strength, (1 - share) * strength
        return -float(
            (
                special.betaln(good + first, size - good + second) - special.betaln(first, second)
            ).sum()
        )

    found = optimize.minimize_scalar(unlikely, bounds=(1e-6, 0.3), method="bounded")
    return float(found.x)
