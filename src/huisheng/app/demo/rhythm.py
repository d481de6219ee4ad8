"""When things happen: the weekly cycle, the hours of a day, the promotion's rise and fall."""

from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.frame import DAY_SECONDS, Floats, Frame, Ints, Times, pick

WEEKDAY = np.array([1.04, 1.0, 0.98, 0.97, 0.95, 1.05, 1.12])  # Monday first
HOUR = np.array(
    [2.2, 1.1, 0.6, 0.4, 0.4, 0.6, 1.3, 2.4, 3.8, 5.4, 6.6, 5.9]
    + [5.6, 5.7, 5.9, 5.8, 5.4, 4.8, 4.7, 6.0, 7.4, 7.9, 6.6, 4.1]
)
PROMOTION_DAYS = 3
PROMOTION_RISE = np.array([3.4, 1.9, 2.3])
PRESALE_DAYS = 6
DAYS_BEFORE_PROMOTION = 44  # of 60
DAYS_BEFORE_MEMBERS_DAY = 16  # a small sale that changes nothing


@dataclass(frozen=True)
class Calendar:
    """The promotion's days, and how much every day of the period sells.

    Attributes:
        promotion: number of the promotion's first day.
        presale: number of the first day on which a deposit can be paid.
        weights: one weight a day.
    """

    promotion: int
    presale: int
    weights: Floats

    @property
    def promotion_end(self) -> int:
        """Return the number of the first day after the promotion."""
        return self.promotion + PROMOTION_DAYS


def calendar_of(frame: Frame) -> Calendar:
    """Return the calendar of a period."""
    promotion = frame.day_at(DAYS_BEFORE_PROMOTION)
    weekday = np.array([frame.date_at(day).weekday() for day in range(frame.days)])
    weights = WEEKDAY[weekday] * np.exp(0.06 * frame.dice("days").standard_normal(frame.days))
    weights[promotion - PRESALE_DAYS : promotion] *= 0.88  # buyers wait for the promotion
    weights[promotion : promotion + PROMOTION_DAYS] *= PROMOTION_RISE
    weights[promotion + PROMOTION_DAYS : promotion + PROMOTION_DAYS + 5] *= 0.82
    return Calendar(promotion, promotion - PRESALE_DAYS, weights)


def moments(dice: np.random.Generator, frame: Frame, day_weights: Floats, size: int) -> Times:
    """Return `size` instants drawn from the days' weights and the hours of a day."""
    return at_days(dice, frame, pick(dice, day_weights, size))


def at_days(dice: np.random.Generator, frame: Frame, days: Ints) -> Times:
    """Return one instant on each of `days`, at a likely hour."""
    hours = pick(dice, HOUR, len(days))
    seconds = dice.integers(0, 3600, len(days))
    offset = days * DAY_SECONDS + hours * 3600 + seconds
    return frame.start + offset.astype("m8[s]")
