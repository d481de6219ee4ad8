"""Pure statistics of counts: is a segment's rate higher than chance and custom explain?"""

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_SPREAD, UNKNOWN_SPREAD, MOST_SPREAD = 0.1, 0.2, 3.0
"""Relative spread of segments' own rates: never taken below, assumed when it cannot be measured,
never taken above."""

MEDIAN_CHI2_1 = 0.4549364
"""Median of χ² with one degree of freedom."""


def excess_p_value(observed: Floats, expected: Floats, dispersion: Floats | float) -> Floats:
    """Return P(count ≥ observed) for a Poisson count of mean `expected`, overdispersed.

    An overdispersed count with variance φ·mean is treated as φ times a Poisson count of mean
    expected/φ; the regularised gamma function continues the Poisson tail to fractional counts.
    """
    phi = np.maximum(dispersion, 1.0)
    mean = np.maximum(expected / phi, 1e-12)
    count = observed / phi
    return np.where(count <= 0, 1.0, special.gammainc(np.maximum(count, 1e-12), mean))


def q_values(p_values: Floats) -> Floats:
    """Return Benjamini–Hochberg adjusted p-values: the false-discovery rate of stopping there.

    Source: Benjamini & Hochberg (1995); valid under positive dependence (2001).
    """
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return adjusted


def rate_interval(
    numerator: float, denominator: float, dispersion: float = 1.0, level: float = 0.95
) -> tuple[float, float]:
    """Return the Wilson interval of a share, its sample shrunk by the overdispersion φ.

    Source: Wilson (1927). An empty denominator gives (0, 1): nothing is known.
    """
    if denominator <= 0:
        return 0.0, 1.0
    size = denominator / max(dispersion, 1.0)
    share = min(numerator / denominator, 1.0)
    z = float(stats.norm.ppf(0.5 + level / 2))
    centre = share + z * z / (2 * size)
    half = z * float(np.sqrt(share * (1 - share) / size + z * z / (4 * size * size)))
    scale = 1 + z * z / size
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def custom_spread(observed: Floats, expected: Floats, noise: float) -> float:
    """Return τ, the relative spread of segments' own rates that is custom and nobody's fault.

    Products differ without being stuck. A count's variance is noise·e + τ²e² (the additive
    random-effects model of Spiegelhalter 2005); τ is chosen so that the median squared
    standardised residual is that of a normal variate, which the few truly stuck segments cannot
    move. Where fewer than eight segments expect five events, `UNKNOWN_SPREAD` is assumed.
    """
    usable = expected >= 5
    if usable.sum() < 8:
        return UNKNOWN_SPREAD
    # A few stuck segments raise what all others are expected to have: centre on the typical one.
    typical = float(np.median(observed[usable] / expected[usable]))
    mean = expected[usable] * max(typical, 0.1)
    residual = (observed[usable] - mean) ** 2

    def too_wide(spread: float) -> float:
        variance = noise * mean + (spread * mean) ** 2
        return float(np.median(residual / variance)) - MEDIAN_CHI2_1

    if too_wide(LEAST_SPREAD) <= 0:
        return LEAST_SPREAD
    if too_wide(MOST_SPREAD) >= 0:
        return MOST_SPREAD
    return float(optimize.brentq(too_wide, LEAST_SPREAD, MOST_SPREAD, xtol=1e-4))


def daily_dispersion(observed: Floats, expected: Floats) -> float:
    """Return φ of day-to-day noise from successive differences, blind to slow level shifts.

    The median of squared differences of neighbouring standardised days, over its value under
    Poisson noise; 1 where fewer than ten days expect at least one event.
    """
    usable = expected >= 1
    if usable.sum() < 10:
        return 1.0
    z = (observed[usable] - expected[usable]) / np.sqrt(expected[usable])
    steps = np.diff(z) ** 2 / 2
    return max(1.0, float(np.median(steps)) / MEDIAN_CHI2_1)


def evidence_gain(observed: Floats, expected: Floats, dispersion: Floats | float) -> Floats:
    """Return the Poisson log-likelihood gained by giving a segment its own, higher rate."""
    mean = np.maximum(expected, 1e-9)
    count = np.maximum(observed, 1e-9)
    gain: Floats = count * np.log(count / mean) - (count - mean)
    scaled: Floats = np.where(observed > mean, gain, 0.0) / np.maximum(dispersion, 1.0)
    return scaled


def change_day(observed: Floats, exposed: Floats, dispersion: float = 1.0) -> int | None:
    """Return the index of the day a rate rose and stayed up, or None when no day stands out.

    Maximum-likelihood change point of a binomial rate over days; accepted when twice the gained
    log-likelihood, over φ, exceeds 12 (about one false change in a hundred flat series of 60 days)
    and both sides have at least five days with exposure.
    """
    days = len(observed)
    left_k, left_n = np.cumsum(observed)[:-1], np.cumsum(exposed)[:-1]
    right_k, right_n = observed.sum() - left_k, exposed.sum() - left_n
    seen = np.cumsum(exposed > 0)
    allowed = (seen[:-1] >= 5) & (seen[-1] - seen[:-1] >= 5) if days > 1 else np.zeros(0, bool)
    rises = allowed & (right_k * np.maximum(left_n, 1) > left_k * np.maximum(right_n, 1))
    if not rises.any():
        return None
    gain = 2 * (
        _log_likelihood(left_k, left_n)
        + _log_likelihood(right_k, right_n)
        - _log_likelihood(observed.sum(), exposed.sum())
    )
    gain = np.where(rises, gain, -np.inf)
    best = int(np.argmax(gain))
    return best + 1 if gain[best] / max(dispersion, 1.0) > 12 else None


def _log_likelihood(count: Floats | float, size: Floats | float) -> Floats:
    total = np.asarray(size, dtype=np.float64)
    events = np.minimum(np.asarray(count, dtype=np.float64), total)
    share = events / np.maximum(total, 1)
    likelihood = special.xlogy(events, share) + special.xlogy(total - events, 1 - share)
    return np.asarray(likelihood, dtype=np.float64)
