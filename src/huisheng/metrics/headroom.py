"""How far a share is from its threshold, in whole cases: tonight's work instead of a rate."""

from dataclasses import dataclass
from fractions import Fraction

from huisheng.metrics.definition import Better


@dataclass(frozen=True, slots=True)
class Headroom:
    """Whole cases to the threshold; None where that way leads nowhere.

    `more_good`: additional good cases (each in numerator and denominator, or only in the
    denominator where lower is better) that reach the threshold. `fewer_bad`: bad cases that would
    have had to be good. `slack`: bad cases that may still come before the threshold is missed.
    """

    more_good: int | None
    fewer_bad: int | None
    slack: int


def headroom(numerator: int, denominator: int, threshold: Fraction, better: Better) -> Headroom:
    """Return the exact integers that bring a share to `threshold` (reaching it suffices).

    With higher better a good case adds one to both sides: (n+x)/(d+x) ≥ t. With lower better a
    good case adds one to the denominator alone: n/(d+x) ≤ t.
    """
    if better is Better.HIGHER:
        return _reach_up(numerator, denominator, threshold)
    return _reach_down(numerator, denominator, threshold)


def _reach_up(numerator: int, denominator: int, threshold: Fraction) -> Headroom:
    short = threshold * denominator - numerator
    fewer_bad = max(0, _ceiling(short))
    more_good: int | None = max(0, _ceiling(short / (1 - threshold))) if threshold < 1 else None
    if threshold == 1:
        more_good = 0 if numerator == denominator else None
    slack = 0 if short > 0 or threshold == 0 else int(numerator / threshold) - denominator
    return Headroom(more_good, fewer_bad, max(0, slack))


def _reach_down(numerator: int, denominator: int, threshold: Fraction) -> Headroom:
    over = numerator - threshold * denominator
    fewer_bad = max(0, _ceiling(over))
    more_good: int | None = max(0, _ceiling(over / threshold)) if threshold > 0 else None
    if threshold == 0:
        more_good = 0 if numerator == 0 else None
    # A bad case adds one to both sides: (n+x)/(d+x) ≤ t.
    slack = 0 if over > 0 or threshold == 1 else int(-over / (1 - threshold))
    return Headroom(more_good, fewer_bad, slack)


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
