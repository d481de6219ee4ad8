"""Difference in differences: right by hand, right under simulation, honest about chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.insight.did import (
    NO_SPREAD,
    Days,
    Group,
    compare_means,
    compare_rates,
    dispersion,
    spread_between,
)

DAYS = 14
SEASON = np.concatenate((np.ones(DAYS), np.full(DAYS, 1.4)))
SEASON[DAYS + 3 : DAYS + 6] *= 1.6  # a promotion on top


def rates_group(rng, cases, rate, *, lift=1.0, overdispersion=1.0, season=None):
    """Return a group of 0/1 cases whose daily rates scatter by a beta law."""
    per_day = rng.multinomial(cases, np.full(DAYS, 1 / DAYS), size=2).ravel()
    truth = rate * (np.ones(2 * DAYS) if season is None else season)
    truth[DAYS:] *= lift
    if overdispersion > 1:
        within = (overdispersion - 1) / (cases / DAYS - 1)
        strength = (1 - within) / within
        truth = rng.beta(truth * strength, (1 - truth) * strength)
    events = rng.binomial(per_day, truth).astype(float)
    days = Days.of_counts(events, per_day.astype(float))
    return Group(days.take(slice(None, DAYS)), days.take(slice(DAYS, None)))


def means_group(rng, cases, mean, *, shift=0.0, scatter=0.3):
    """Return a group of skewed durations with a shock per day."""
    day = np.sort(rng.integers(0, 2 * DAYS, 2 * cases))
    shock = rng.normal(0, scatter, 2 * DAYS)[day]
    value = mean + shift * (day >= DAYS) + shock + rng.exponential(1.0, 2 * cases) - 1
    days = Days.of_cases(day, value, np.ones(2 * cases), 2 * DAYS)
    return Group(days.take(slice(None, DAYS)), days.take(slice(DAYS, None)))


def shares(estimates, truth=0.0):
    """Return how often the whole interval lies below 0, above 0, and around the truth."""
    limits = np.array([estimate.interval for estimate in estimates])
    below, above = limits[:, 1] < 0, limits[:, 0] > 0
    return below.mean(), above.mean(), ((limits[:, 0] <= truth) & (truth <= limits[:, 1])).mean()


def test_effect_is_what_the_control_does_not_explain():
    treated = Group(counts([30, 30], [150, 150]), counts([20, 10], [150, 150]))
    control = Group(counts([25, 25], [250, 250]), counts([50, 50], [250, 250]))
    estimate = compare_rates(treated, control)
    assert estimate.expected == pytest.approx(0.2 * 0.2 / 0.1)
    assert estimate.effect == pytest.approx(0.1 - 0.4)
    assert estimate.interval[0] < estimate.effect < estimate.interval[1] < 0


def test_means_are_compared_additively():
    treated = Group(counts([20, 24], [2, 2]), counts([10, 14], [2, 2]))
    control = Group(counts([8, 8], [2, 2]), counts([10, 10], [2, 2]))
    estimate = compare_means(treated, control)
    assert estimate.expected == pytest.approx(11 + 5 - 4)
    assert estimate.effect == pytest.approx(6 - 12)
    # Only the treated days scatter: variance 2/16·(2 days / 1) per window, one df each.
    half = estimate.effect - estimate.interval[0]
    assert estimate.degrees_of_freedom == pytest.approx(2)
    assert half == pytest.approx(4.3027 * np.sqrt(2 * (8 / 16 * 2)), rel=1e-3)


def test_no_event_left_is_still_an_estimate():
    treated = Group(counts([30, 30], [150, 150]), counts([0, 0], [150, 150]))
    control = Group(counts([25, 25], [250, 250]), counts([25, 25], [250, 250]))
    estimate = compare_rates(treated, control)
    assert estimate.effect == pytest.approx(-0.2)
    assert estimate.interval[1] < 0
    assert estimate.p_value < 0.01


@pytest.mark.parametrize("overdispersion", [1.0, 1.5, 2.5])
@pytest.mark.parametrize("season", [None, SEASON], ids=["calm", "season"])
def test_nothing_happened(overdispersion, season):
    rng = np.random.default_rng(7)
    estimates = [
        compare_rates(
            rates_group(rng, 600, 0.1, overdispersion=overdispersion, season=season),
            rates_group(rng, 4000, 0.06, overdispersion=overdispersion, season=season),
        )
        for _ in range(400)
    ]
    below, above, covered = shares(estimates)
    assert below <= 0.05
    assert above <= 0.05
    assert covered >= 0.93


@pytest.mark.parametrize(("rate", "control_cases"), [(0.2, 600), (0.15, 600), (0.12, 4000)])
def test_a_halving_is_found_and_its_size_is_covered(rate, control_cases):
    rng = np.random.default_rng(11)
    estimates = [
        compare_rates(rates_group(rng, 600, rate, lift=0.5), rates_group(rng, control_cases, rate))
        for _ in range(400)
    ]
    below, _, covered = shares(estimates, truth=-rate / 2)
    assert below >= 0.8
    assert covered >= 0.93


def test_means_under_null_and_shift():
    rng = np.random.default_rng(3)
    nothing = [
        compare_means(means_group(rng, 300, 5.0), means_group(rng, 900, 4.0)) for _ in range(400)
    ]
    below, above, covered = shares(nothing)
    assert max(below, above) <= 0.05
    assert covered >= 0.93
    shifted = [
        compare_means(means_group(rng, 300, 5.0, shift=-1.0), means_group(rng, 900, 4.0))
        for _ in range(200)
    ]
    below, _, covered = shares(shifted, truth=-1.0)
    assert below >= 0.8
    assert covered >= 0.92


def test_segments_that_drift_by_themselves_widen_the_interval():
    """A treated segment drifts like the others: without their spread, false «worked» abound."""
    rng = np.random.default_rng(5)
    wide, narrow = [], []
    for _ in range(400):
        drift = np.exp(rng.normal(0, 0.3, 16))
        groups = [rates_group(rng, 1500, 0.1, lift=lift) for lift in drift]
        pooled = pool(groups[1:])
        spread = spread_between(groups[1:], dispersion(pooled)[0])
        wide.append(compare_rates(groups[0], pooled, spread))
        narrow.append(compare_rates(groups[0], pooled))
    assert max(shares(wide)[:2]) <= 0.05
    assert max(shares(narrow)[:2]) > 0.1


def test_equal_segments_have_little_spread():
    rng = np.random.default_rng(6)
    spreads = [
        spread_between([rates_group(rng, 1500, 0.1) for _ in range(10)]).variance for _ in range(50)
    ]
    assert np.median(spreads) < 0.005
    assert spread_between([rates_group(rng, 1500, 0.1, lift=n) for n in (0.5, 2)]) == NO_SPREAD


def test_dispersion_is_not_inflated_by_a_trend():
    rng = np.random.default_rng(8)
    trend = np.linspace(0.5, 1.5, 2 * DAYS)
    trending = [dispersion(rates_group(rng, 1500, 0.1, season=trend))[0] for _ in range(100)]
    noisy = [dispersion(rates_group(rng, 1500, 0.1, overdispersion=4))[0] for _ in range(100)]
    assert np.mean(trending) < 1.25
    assert 2.5 < np.mean(noisy) < 4.5


cells = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(60, 400))


@given(cells, cells, cells, cells)
def test_the_p_value_and_the_interval_never_contradict(before, after, start, end):
    treated = Group(counts(before[:2], [before[2]] * 2), counts(after[:2], [after[2]] * 2))
    control = Group(counts(start[:2], [start[2]] * 2), counts(end[:2], [end[2]] * 2))
    estimate = compare_rates(treated, control)
    low, high = estimate.interval
    assert low <= high
    assert 0 <= estimate.p_value <= 1
    if abs(estimate.p_value - 0.05) > 1e-6:
        assert (estimate.p_value < 0.05) == (low > 0 or high < 0)


@given(cells, cells, cells, cells, st.integers(2, 50))
def test_more_of_the_same_narrows_the_interval(before, after, start, end, times):
    def groups(scale):
        return [
            Group(
                counts([scale * n for n in a[:2]], [scale * a[2]] * 2),
                counts([scale * n for n in b[:2]], [scale * b[2]] * 2),
            )
            for a, b in (
                ((before[0],) * 2 + before[2:], (after[0],) * 2 + after[2:]),
                ((start[0] + 1,) * 2 + start[2:], (end[0] + 1,) * 2 + end[2:]),
            )
        ]

    small, large = compare_rates(*groups(1)), compare_rates(*groups(times))
    assert large.effect == pytest.approx(small.effect)
    assert np.ptp(large.interval) < np.ptp(small.interval)


def counts(events, cases):
    return Days.of_counts(np.array(events, dtype=float), np.array(cases, dtype=float))


def pool(groups):
    def sums(cell):
        parts = [cell(group) for group in groups]
        return Days.of_counts(sum(part.x for part in parts), sum(part.y for part in parts))

    return Group(sums(lambda group: group.before), sums(lambda group: group.after))
