"""One day against the days before it, and the parts of a change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.insight import Tally, contributions, day_change

tallies = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(1, 500)
    .flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
    .map(lambda pair: Tally(float(pair[0]), float(pair[1]))),
    min_size=1,
)


@given(tallies, tallies)
def test_the_parts_add_up_to_the_change(now, before):
    def whole(groups):
        return sum(t.numerator for t in groups.values()) / sum(
            t.denominator for t in groups.values()
        )

    parts = contributions(now, before)
    assert sum(part.change for part in parts) == pytest.approx(
        whole(now) - whole(before), abs=1e-12
    )
    assert [abs(part.change) for part in parts] == sorted(
        (abs(part.change) for part in parts), reverse=True
    )


def test_a_group_that_only_grew_has_its_part():
    before = {"good": Tally(90, 100), "bad": Tally(50, 100)}
    now = {"good": Tally(90, 100), "bad": Tally(150, 300)}
    parts = {part.group: part.change for part in contributions(now, before)}
    assert parts["bad"] == pytest.approx((150 - 0.7 * 300) / 400 - (50 - 0.7 * 100) / 200)
    assert sum(parts.values()) == pytest.approx(240 / 400 - 140 / 200)


def test_nothing_to_divide_gives_no_parts():
    assert contributions({}, {"a": Tally(1, 2)}) == []
    assert contributions({"a": Tally(0, 0)}, {"a": Tally(1, 2)}) == []


def test_too_few_days_or_cases_say_nothing():
    days = [Tally(90, 100)] * 9
    assert day_change(days, Tally(50, 100), is_share=True) is None
    assert day_change([*days, Tally(90, 100)], Tally(0, 0), is_share=True) is None
    assert day_change([*days, Tally(90, 100)], Tally(0, 20), is_share=True) is None


def test_ordinary_days_are_rarely_called_changed():
    """Rates differing by weekday and by day: at 1 % at most 1.6 % of ordinary days are called."""
    dice = np.random.default_rng(5)
    called = trials = 0
    for _ in range(1_500):
        sizes = dice.poisson(120, 29) + 1
        weekday = 0.04 * np.sin(2 * np.pi * np.arange(29) / 7)
        share = np.clip(0.85 + weekday + dice.normal(0, 0.03, 29), 0, 1)
        good = dice.binomial(sizes, share)
        days = [Tally(float(n), float(d)) for n, d in zip(good, sizes, strict=True)]
        found = day_change(days[:-1], days[-1], is_share=True)
        if found is not None:
            trials += 1
            called += found.p_value < 0.01
    assert trials > 1_400
    assert called / trials <= 0.016


def test_a_mean_is_judged_like_a_share():
    dice = np.random.default_rng(6)

    def day(mean):
        seconds = dice.exponential(mean, 80)
        return Tally(float(seconds.sum()), 80.0)

    called = sum(
        day_change([day(30) for _ in range(28)], day(30), is_share=False).p_value < 0.01
        for _ in range(800)
    )
    assert called <= 0.016 * 800
    seen = [
        day_change([day(30) for _ in range(28)], day(60), is_share=False).p_value < 0.01
        for _ in range(100)
    ]
    assert sum(seen) >= 95
