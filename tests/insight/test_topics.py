"""The heat of topics by hand."""

import numpy as np
import pytest

from huisheng.insight import topic_heat


def test_heat_by_hand():
    # 20 of 100 conversations, 15 customers, mean weight 0.25, a quarter of them negative.
    found = topic_heat(*map(np.array, ([20.0],)), 100, *map(np.array, ([15.0], [5.0], [5.0])))
    assert found.share[0] == pytest.approx(0.2)
    assert found.reach[0] == pytest.approx(1 + np.log(16))
    assert found.freshness[0] == pytest.approx(0.25)
    assert found.blame[0] == pytest.approx(1.125)
    assert found.score[0] == pytest.approx(0.2 * (1 + np.log(16)) * 0.25 * 1.125)


def test_nothing_said_is_not_hot():
    zero = np.zeros(1)
    assert topic_heat(zero, 0, zero, zero, zero).score.tolist() == [0.0]


def test_more_people_later_words_and_more_anger_are_each_hotter():
    base = topic_heat(np.array([10.0]), 100, np.array([5.0]), np.array([5.0]), np.zeros(1)).score
    people = topic_heat(np.array([10.0]), 100, np.array([9.0]), np.array([5.0]), np.zeros(1)).score
    later = topic_heat(np.array([10.0]), 100, np.array([5.0]), np.array([8.0]), np.zeros(1)).score
    angry = topic_heat(np.array([10.0]), 100, np.array([5.0]), np.array([5.0]), np.ones(1)).score
    assert min(people[0], later[0], angry[0]) > base[0]
