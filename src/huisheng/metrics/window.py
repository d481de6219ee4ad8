"""A stretch of local days, inclusive at both ends."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
SECOND_US = 1_000_000
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """Local days `start` to `end`, both included, in a zone `offset_us` ahead of UTC."""

    start: date
    end: date
    offset_us: int

    @property
    def start_us(self) -> int:
        """Return the first instant inside, in UTC microseconds."""
        return (self.start - EPOCH).days * DAY_US - self.offset_us

    @property
    def end_us(self) -> int:
        """Return the first instant after, in UTC microseconds."""
        return ((self.end - EPOCH).days + 1) * DAY_US - self.offset_us

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.end - self.start).days + 1

    def day(self, index: int) -> date:
        """Return the local date `index` days after the start."""
        return self.start + timedelta(days=index)

    def holds(self, instant: ibis.Value) -> ibis.Value:
        """Return whether an instant lies inside."""
        return (instant >= self.start_us) & (instant < self.end_us)

    def on_days(self, table: ibis.Table) -> ibis.Table:
        """Return the rows of a canonical table that are dated inside, by whole partitions."""
        return table.filter(table.local_date.between(self.start.isoformat(), self.end.isoformat()))

    def before(self) -> "Window":
        """Return the stretch of equal length just before."""
        last = self.start - timedelta(days=1)
        return Window(last - timedelta(days=self.days - 1), last, self.offset_us)


def local_day(instant: ibis.Value, offset_us: int) -> ibis.Value:
    """Return the number of the local day since 1970-01-01."""
    return ((instant + offset_us) // DAY_US).cast("int64")


def iso_day(day: ibis.Value) -> ibis.Value:
    """Return the number of a local day as text, `YYYY-MM-DD`."""
    # A date plus days is a date in one engine and a timestamp in another: both begin alike.
    return (ibis.literal(EPOCH) + day.as_interval("D")).cast("string").substr(0, 10)


def local_hour(instant: ibis.Value, offset_us: int) -> ibis.Value:
    """Return the local hour 0–23 of an instant."""
    return (((instant + offset_us) % DAY_US) // HOUR_US).cast("int64")


def day_number(day: date) -> int:
    """Return a date as the number of days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the date with this number."""
    return EPOCH + timedelta(days=number)
