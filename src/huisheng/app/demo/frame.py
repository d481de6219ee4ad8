"""The stretch of time, the size and the dice that one demo is made with."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Times = NDArray[np.datetime64]  # unit: second, local; NaT = has not happened
Words = NDArray[np.object_]  # str, or None = no data

NEVER = np.datetime64("NaT", "s")
HOUR_SECONDS = 3600
DAY_SECONDS = 86400


@dataclass(frozen=True)
class Frame:
    """What one call of `generate` asked for.

    Attributes:
        seed: start of every dice; same seed, same files.
        last_day: last local date on which anything happens.
        days: number of days up to and including `last_day`.
        orders: number of orders over all shops.
        healthy: nothing is planted.
    """

    seed: int
    last_day: date
    days: int
    orders: int
    healthy: bool

    @property
    def first_day(self) -> date:
        """Return the first local date."""
        return self.last_day - timedelta(days=self.days - 1)

    @cached_property
    def start(self) -> np.datetime64:
        """Return local midnight of the first day."""
        return np.datetime64(self.first_day, "s")

    @cached_property
    def end(self) -> np.datetime64:
        """Return the first second after the last day."""
        return np.datetime64(self.last_day + timedelta(days=1), "s")

    def day_at(self, sixtieths: int) -> int:
        """Return the day number that lies `sixtieths`/60 into the period."""
        return round(self.days * sixtieths / 60)

    def date_at(self, day: int) -> date:
        """Return the date of day number `day`."""
        return self.first_day + timedelta(days=day)

    def instant(self, day: int, hour: int = 0) -> np.datetime64:
        """Return local `hour` o'clock of day number `day`."""
        return self.start + np.timedelta64(day * DAY_SECONDS + hour * HOUR_SECONDS, "s")

    def dice(self, *names: str) -> np.random.Generator:
        """Return a generator that depends on the seed and `names` only."""
        words = [self.seed, *(crc32(name.encode()) for name in names)]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))

    def seen(self, times: Times) -> Times:
        """Return `times` with everything at or after the end made NaT: it has not happened yet."""
        return np.where(times < self.end, times, NEVER)


def later(times: Times, hours: Floats | float) -> Times:
    """Return `times` moved by `hours` (to the second)."""
    seconds = np.rint(np.asarray(hours, dtype=np.float64) * HOUR_SECONDS).astype(np.int64)
    moved: Times = times + seconds.astype("m8[s]")
    return moved


def hour_of(times: Times) -> Ints:
    """Return the local hour 0-23 of each instant; meaningless for NaT."""
    hours: Ints = times.astype("M8[h]").astype(np.int64) % 24
    return hours


def spread(dice: np.random.Generator, median: Floats | float, sigma: float, size: int) -> Floats:
    """Return `size` log-normal draws around `median`."""
    return np.asarray(median * np.exp(sigma * dice.standard_normal(size)), dtype=np.float64)


def chosen(dice: np.random.Generator, chance: NDArray[np.floating] | float, size: int) -> Flags:
    """Return which of `size` rows a coin with `chance` of heads picks."""
    return dice.random(size) < chance


def pick(dice: np.random.Generator, weights: Floats, size: int) -> Ints:
    """Return `size` positions in `weights`, drawn in proportion to them."""
    edges = np.cumsum(weights)
    found: Ints = np.searchsorted(edges, dice.random(size) * edges[-1], side="right")
    return found


def either(condition: Flags, yes: Words | str | None, no: Words | str | None) -> Words:
    """Return `yes` where the condition holds, else `no`, as words."""
    out = np.empty(len(condition), dtype=object)
    out[:] = no
    np.copyto(out, np.asarray(yes, dtype=object), where=condition)
    return out
