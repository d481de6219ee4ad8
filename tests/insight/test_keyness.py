"""Terms that stand out: by hand, and that nothing rises in a shop where nothing changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.insight import growth, log_odds, rising, unfolded
from huisheng.insight.keyness import FALSE_DISCOVERY_RATE, LEAST_NOW

TERMS, WEEK_TALKS = 600, 3_000


def weeks_of(rng, weeks, spread, cluster=1):
    """Return counts and sizes of a shop where nothing changes but campaigns come and go.

    Terms are as frequent as words are; terms of one cluster swing together from week to week.
    """
    usual = np.minimum(0.3 * (1 + rng.pareto(0.9, TERMS)), WEEK_TALKS / 5)
    group = rng.integers(0, TERMS // cluster, TERMS)
    swing = np.ones((TERMS // cluster, weeks))
    if spread:
        swing = rng.gamma(spread**-2, spread**2, swing.shape)
    sizes = rng.integers(WEEK_TALKS * 0.8, WEEK_TALKS * 1.2, weeks).astype(float)
    counts = rng.poisson(usual[:, None] * swing[group] * sizes / WEEK_TALKS)
    return np.minimum(counts, sizes).astype(float), sizes, usual


@pytest.mark.parametrize(("weeks", "spread", "cluster"), [(5, 0.0, 1), (5, 0.3, 10), (9, 0.3, 10)])
def test_where_nothing_changes_few_weeks_have_any_rising_term(weeks, spread, cluster):
    rng, shops = np.random.default_rng(20261122), 120
    wrong = sum(
        rising(counts, sizes).rising.any()
        for counts, sizes, _ in (weeks_of(rng, weeks, spread, cluster) for _ in range(shops))
    )
    assert wrong <= FALSE_DISCOVERY_RATE * shops


def test_a_doubling_at_the_volume_of_a_shop_is_found():
    rng, found = np.random.default_rng(7), 0
    for _ in range(40):
        counts, sizes, usual = weeks_of(rng, 9, 0.1)
        planted = int(np.argmin(np.abs(usual - 150)))
        counts[planted, -1] = rng.poisson(2 * usual[planted])
        found += bool(rising(counts, sizes).rising[planted])
    assert found >= 32


def test_a_word_nobody_said_before_is_found_and_one_said_too_seldom_is_not():
    rng = np.random.default_rng(11)
    counts, sizes, _ = weeks_of(rng, 9, 0.2)
    new = np.zeros((2, 9))
    new[:, -1] = 20, LEAST_NOW - 1
    found = rising(np.vstack([new, counts]), sizes)
    assert found.rising[:2].tolist() == [True, False]
    assert found.growth[0] == pytest.approx(21.0)


def test_more_talk_of_everything_raises_no_term():
    counts = np.full((40, 6), 20.0)
    counts[:, -1] = 60
    assert not rising(counts, np.array([200.0] * 5 + [600.0])).rising.any()


def test_without_enough_weeks_before_nothing_is_said_to_rise():
    counts = np.array([[1.0, 1, 1, 80], [30, 31, 29, 30]])
    assert not rising(counts, np.full(4, 500.0)).rising.any()
    assert not rising(np.zeros((0, 6)), np.full(6, 500.0)).rising.any()
    assert not rising(counts, np.zeros(4)).rising.any()


def test_growth_is_of_equal_volume_with_one_added_to_both():
    # 19 of 400 now; 8 of 200 before are 16 of 400: 20 / 17.
    assert growth(np.array([19.0]), 400, np.array([8.0]), 200)[0] == pytest.approx(20 / 17)
    assert np.isnan(growth(np.array([19.0]), 400, np.array([0.0]), 0)[0])


def test_log_odds_by_hand():
    # 30 of 100 here, 70 of 900 elsewhere; together 100 of 1000, a prior worth 50 conversations.
    prior = 50 * 100.5 / 1001
    here = (30 + prior) / (70 + 50 - prior)
    there = (70 + prior) / (830 + 50 - prior)
    odds = log_odds(np.array([30.0]), 100, np.array([70.0]), 900)
    assert odds.ratio[0] == pytest.approx(np.log(here / there))
    z = np.log(here / there) / np.sqrt(1 / (30 + prior) + 1 / (70 + prior))
    assert odds.z[0] == pytest.approx(z)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 400)), min_size=1, max_size=20),
    st.integers(50, 500),
    st.integers(400, 5_000),
)
def test_log_odds_change_sign_when_the_parts_change_places(pairs, size, rest):
    here, there = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    one = log_odds(here, size, there, rest)
    other = log_odds(there, rest, here, size)
    assert np.allclose(one.z, -other.z)
    assert np.isfinite(one.z).all()


def test_of_nested_findings_one_is_told():
    terms = ["免息", "12期免息", "期免息", "包邮"]
    assert unfolded(terms, np.array([50.0, 20, 22, 9])) == [0, 3]
    assert unfolded(terms, np.array([50.0, 45, 48, 9])) == [1, 3], "the longer one explains it"
    assert unfolded(["12期免息", "免息"], np.array([20.0, 50])) == [0]
    assert unfolded([], np.zeros(0)) == []


@given(st.lists(st.text("ab", min_size=1, max_size=4), unique=True, max_size=12))
def test_what_is_told_holds_nothing_else_that_is_told(terms):
    count = np.array([10.0 / len(term) for term in terms])
    told = [terms[index] for index in unfolded(terms, count)]
    assert len(told) == len(set(told))
    assert not [(a, b) for a in told for b in told if a != b and a in b]
    assert bool(told) == bool(terms)
