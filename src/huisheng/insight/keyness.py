"""Which words stand out: log-odds against a background, growth, and what really rises this week."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from huisheng.insight.statistics import q_values

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PRIOR_STRENGTH = 50.0
"""Conversations that the prior of a log-odds ratio weighs as much as."""
LEAST_WEEKS = 4
"""Weeks before this one without which nothing is said to rise."""
LEAST_NOW = 8
"""Conversations of this week below which a term is not said to rise."""
LEAST_GROWTH = 1.5
FALSE_DISCOVERY_RATE = 0.05
POOLED_WEEKS = 24.0
"""Weeks of its own after which a term's scatter weighs as much as that of all terms."""
LEAST_LEVEL, LEAST_MEASURED = 2.0, 8
"""Conversations a week of a term whose scatter is measured, and how many such terms it takes."""
UNKNOWN_VARIANCE = 0.04
"""Squared relative scatter from week to week, assumed where too few terms show it."""
EXPLAINS = 0.8
"""Share of a term's conversations from which on a longer one explains it."""


@dataclass(frozen=True, slots=True)
class LogOdds:
    """How much more often each of t terms is said in one part: `ratio` (logs) and its z-score."""

    ratio: Floats
    z: Floats


def log_odds(
    count: Floats, size: Floats | float, others: Floats, other_size: Floats | float
) -> LogOdds:
    """Compare how often terms are said in one part and in the rest.

    The log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi & Quinn (2008): both
    parts are drawn towards what both together say, by a prior worth `PRIOR_STRENGTH` conversations,
    so that rare terms do not seem to stand out.

    Args:
        count: float64[t] conversations of the part that hold each term.
        size: conversations of the part.
        others: float64[t] conversations outside the part that hold each term.
        other_size: conversations outside the part.
    """
    whole = np.maximum(np.asarray(size + other_size, dtype=np.float64), 1.0)
    prior = PRIOR_STRENGTH * np.clip((count + others + 0.5) / (whole + 1), 1e-9, 1 - 1e-9)
    here, there = count + prior, others + prior
    not_here = np.maximum(size - count, 0) + PRIOR_STRENGTH - prior
    not_there = np.maximum(other_size - others, 0) + PRIOR_STRENGTH - prior
    ratio = np.log(here / not_here) - np.log(there / not_there)
    z: Floats = ratio / np.sqrt(1 / here + 1 / there)
    return LogOdds(ratio, z)


def growth(now: Floats, size: float, before: Floats, size_before: float) -> Floats:
    """Return (df_now + 1) / (df_before + 1), what was before scaled to as many conversations.

    Where there were no conversations before, nothing is known and the growth is NaN.
    """
    if size_before <= 0 or size <= 0:
        return np.full(len(now), np.nan)
    grown: Floats = (now + 1) / (before * size / size_before + 1)
    return grown


@dataclass(frozen=True, slots=True)
class Rise:
    """What is known of t terms' counts of this week: all arrays are float64[t], `rising` bool[t].

    Attributes:
        expected: conversations expected by the weeks before.
        growth: as `growth` gives it.
        p: how likely a count so high or higher is if nothing changed.
        q: false-discovery rate of believing in this and all terms of smaller p.
        rising: believed to rise.
    """

    expected: Floats
    growth: Floats
    p: Floats
    q: Floats
    rising: Flags


def rising(weeks: Floats, sizes: Floats) -> Rise:
    """Tell which terms are said more in the last week than in the weeks before.

    Weeks of one term scatter wider than chance: customers come in campaigns. A week's count is
    taken as negative binomial with variance mean + τ²·mean², τ² measured from week to week over all
    terms; of a term that scatters wider, from its own weeks drawn towards that (an empirical-Bayes
    variance as in Smyth 2004). What the weeks before leave open about the rate widens the last one
    as in the predictive distribution of a gamma-Poisson model; and since τ² is estimated, the
    normal score is read in Student's distribution. The terms said often enough, whichever weeks
    they were said in, are held together to `FALSE_DISCOVERY_RATE` (Benjamini & Hochberg 1995).

    Args:
        weeks: float64[t, w] conversations with each term in each week, the last one now.
        sizes: float64[w] conversations of each week.
    """
    now, before = weeks[:, -1], weeks[:, :-1]
    size, sizes_before = float(sizes[-1]), sizes[:-1]
    known, said = float(sizes_before.sum()), before.sum(axis=1)
    grown = growth(now, size, said, known)
    expected = said * size / max(known, 1.0)
    p, q = np.ones(len(weeks)), np.ones(len(weeks))
    tested = now + said >= LEAST_NOW
    if (sizes_before > 0).sum() >= LEAST_WEEKS and size > 0 and tested.any():
        variance, freedom = _scatter(before, sizes_before)
        p[tested] = _tail(now, said, variance, size / known, freedom)[tested]
        q[tested] = q_values(p[tested])
    believed = (now >= LEAST_NOW) & (q <= FALSE_DISCOVERY_RATE)
    believed &= np.nan_to_num(grown) >= LEAST_GROWTH
    return Rise(expected, grown, p, q, believed)


def _tail(now: Floats, said: Floats, variance: Floats, ratio: float, freedom: float) -> Floats:
    """Return how likely a count of `now` or more is after `said` in 1/ratio as much talk."""
    mean = (said + 0.5) * ratio
    shape = 1 / (variance + 1 / (said + 0.5))
    tail = special.betainc(np.maximum(now, 1), shape, mean / (mean + shape))
    z = stats.norm.isf(np.clip(tail, 1e-300, 1 - 1e-16))
    p: Floats = np.where(now > 0, stats.t.sf(z, freedom), 1.0)
    return p


def _scatter(before: Floats, sizes: Floats) -> tuple[Floats, float]:
    """Return float64[t] τ² of each term for a week to come, and how many weeks it rests on."""
    used = sizes > 0
    counts, shares = before[:, used], sizes[used] / sizes.sum()
    mean = counts.sum(axis=1, keepdims=True) * shares
    freedom = float(used.sum() - 1)
    own = ((counts - mean) ** 2 / np.maximum(mean, 1e-9)).sum(axis=1) / freedom
    level = counts.mean(axis=1)
    common = _common_variance(own, level)
    drawn = (POOLED_WEEKS * (1 + common * level) + freedom * own) / (POOLED_WEEKS + freedom)
    variance = np.maximum(common, (drawn - 1) / np.maximum(level, LEAST_LEVEL))
    return variance * (1 + 1 / used.sum()), POOLED_WEEKS + freedom


def _common_variance(own: Floats, level: Floats) -> float:
    """Return τ² over all terms, from how far their variance exceeds their mean."""
    measured = level >= LEAST_LEVEL
    if measured.sum() < LEAST_MEASURED:
        return UNKNOWN_VARIANCE
    return max(float(np.sum(own[measured] - 1) / np.sum(level[measured])), 0.0)


def unfolded(terms: Sequence[str], count: Floats) -> list[int]:
    """Return which of several findings to tell, in their order, the best given first.

    Of «免息», «12期免息» and «期免息» one is told: the first, or in its place the longest that
    holds it and is said in `EXPLAINS` of the same conversations.
    """
    told: list[int] = []
    families: list[str] = []
    for index, term in enumerate(terms):
        if any(term in family or family in term for family in families):
            continue
        longer = [
            other
            for other, name in enumerate(terms)
            if term in name and count[other] >= EXPLAINS * count[index]
        ]
        best = max(longer, key=lambda other: (len(terms[other]), -other))
        told.append(best)
        families += [term, terms[best]]
    return told
