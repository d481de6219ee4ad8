"""Headroom is exact: brute force agrees on every small share and threshold."""

from fractions import Fraction
from itertools import count, islice

import pytest

from huisheng.metrics import Better, headroom

THRESHOLDS = [
    Fraction(n, d) for d in (1, 2, 3, 7, 20, 100) for n in range(d + 1) if n in (0, 1, d - 1, d)
]
SHARES = [(n, d) for d in range(1, 13) for n in range(d + 1)]
FAR = 1300
"""More steps than any of these shares needs to reach a threshold it can reach."""


def reaches(numerator, denominator, threshold, better):
    share = Fraction(numerator, denominator)
    return share >= threshold if better is Better.HIGHER else share <= threshold


def first(steps):
    return next((x for x, ok in islice(steps, FAR) if ok), None)


@pytest.mark.parametrize("better", [Better.HIGHER, Better.LOWER])
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_more_good_and_fewer_bad_are_the_smallest_that_reach(threshold, better):
    for n, d in SHARES:
        found = headroom(n, d, threshold, better)
        if better is Better.HIGHER:
            more = first((x, reaches(n + x, d + x, threshold, better)) for x in count())
            fewer = first((x, reaches(n + x, d, threshold, better)) for x in range(d - n + 1))
        else:
            more = first((x, reaches(n, d + x, threshold, better)) for x in count())
            fewer = first((x, reaches(n - x, d, threshold, better)) for x in range(n + 1))
        assert (found.more_good, found.fewer_bad) == (more, fewer), (n, d)


@pytest.mark.parametrize("better", [Better.HIGHER, Better.LOWER])
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_slack_is_the_last_bad_case_that_still_holds(threshold, better):
    for n, d in SHARES:
        found = headroom(n, d, threshold, better)
        if not reaches(n, d, threshold, better):
            assert found.slack == 0, (n, d)
            continue
        # A bad case adds to the denominator, and to the numerator where lower is better.
        bad = int(better is Better.LOWER)
        held = [reaches(n + bad * x, d + x, threshold, better) for x in range(FAR)]
        if all(held):
            continue  # no bad case can ever miss this threshold
        assert found.slack == held.index(False) - 1, (n, d)


def test_the_gold_badge_at_its_boundary():
    """94.99 % of 10 000 ratings misses 95 % by one; 95.00 % holds with nothing to spare."""
    line = Fraction(95, 100)
    short = headroom(9499, 10_000, line, Better.HIGHER)
    assert (short.more_good, short.fewer_bad, short.slack) == (20, 1, 0)
    exact = headroom(9500, 10_000, line, Better.HIGHER)
    assert (exact.more_good, exact.fewer_bad, exact.slack) == (0, 0, 0)
    above = headroom(9501, 10_000, line, Better.HIGHER)
    assert above.slack == 1
