"""The forecast of a month's share."""

import numpy as np
import pytest

from huisheng.insight import Tally, month_forecast

LINE, LEAST = 0.95, 100


def test_a_finished_month_is_certain():
    over = [Tally(48, 50), Tally(47, 50)]
    assert month_forecast(over, over, 0, LINE, LEAST).probability == 1.0
    short = [Tally(47, 50), Tally(47, 50)]
    assert month_forecast(short, short, 0, LINE, LEAST).probability == 0.0
    few = [Tally(49, 49), Tally(50, 50)]
    assert month_forecast(few, few, 0, LINE, LEAST).probability == 0.0


def test_too_few_rated_days_give_no_forecast():
    recent = [Tally(0, 0)] * 20 + [Tally(5, 5)] * 6
    assert month_forecast(recent, recent[-3:], 10, LINE, LEAST).probability is None


def test_more_good_ratings_never_lower_the_chance():
    recent = [Tally(19, 20)] * 28
    chances = [
        month_forecast(recent, [Tally(good, 200)], 15, LINE, LEAST).probability
        for good in (170, 180, 190, 200)
    ]
    assert chances == sorted(chances)
    assert chances[0] < 0.05
    assert chances[-1] > 0.9


def test_the_chance_comes_true_as_often_as_it_says():
    """Shops of every quality, days that differ: of forecasts near p, about p come true."""
    dice = np.random.default_rng(11)
    said, came = [], []
    for _ in range(700):
        level = dice.uniform(0.93, 0.97)
        size = dice.poisson(dice.uniform(8, 40), 30)
        strength = 150
        shares = dice.beta(level * strength, (1 - level) * strength, 30)
        good = dice.binomial(size, shares)
        days = [Tally(float(n), float(d)) for n, d in zip(good, size, strict=True)]
        forecast = month_forecast(days[:15], days[:15], 15, LINE, LEAST)
        if forecast.probability is None:
            continue
        said.append(forecast.probability)
        came.append(size.sum() >= LEAST and good.sum() >= LINE * size.sum() - 1e-9)
    said, came = np.array(said), np.array(came)
    assert len(said) > 650
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        inside = (said >= low) & (said <= high)
        assert inside.sum() > 25
        assert came[inside].mean() == pytest.approx(said[inside].mean(), abs=0.13)
