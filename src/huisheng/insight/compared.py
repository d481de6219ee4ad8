"""The cases a verification compares, as columns: when, how much, and in which segments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import ibis
import numpy as np
from numpy.typing import NDArray

from huisheng.insight.did import Days, FloatArray, Group
from huisheng.metrics import VALUE, Facts, Window, by_dimension, find

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DAY_US = 86_400_000_000
NEVER = np.iinfo(np.int64).max
OUTCOME = "outcome_at"


@dataclass(frozen=True, slots=True)
class Cases:
    """One shop's cases in scope (shape `(cases,)`).

    Attributes:
        day: local day of exposure, counted from 1970-01-01.
        x: numerator, as if every outcome were known.
        y: denominator.
        age_us: from exposure to outcome; 0 where an outcome is immediate, `NEVER` where unknown.
    """

    day: IntArray
    x: FloatArray
    y: FloatArray
    age_us: IntArray

    @property
    def unknown_age(self) -> int:
        """Return how many outcomes have no time and so cannot be followed up equally."""
        return int(((self.x > 0) & (self.age_us == NEVER)).sum())

    def until(self, age_us: int | None) -> "Cases":
        """Return the cases as they stood at the same age; None for immediate outcomes."""
        if age_us is None:
            return self
        return replace(self, x=np.where(self.age_us < age_us, self.x, 0.0))

    def complement(self) -> "Cases":
        """Return the cases with what is not in the numerator as the numerator."""
        return replace(self, x=self.y - self.x)

    def group(self, chosen: BoolArray | IntArray, first_day: int, days: int) -> Group:
        """Return the chosen cases' daily sums, `days` days before the fix and as many after."""
        day = self.day[chosen] - first_day
        inside = (day >= 0) & (day < 2 * days)
        sums = Days.of_cases(day[inside], self.x[chosen][inside], self.y[chosen][inside], 2 * days)
        return Group(sums.take(slice(None, days)), sums.take(slice(days, None)))


@dataclass(frozen=True, slots=True)
class Membership:
    """Which cases fall in which value of a dimension; a case may fall in several.

    `case` and `code` are pairs; `code` counts `values`, which are in alphabetical order.
    """

    case: IntArray
    code: IntArray
    values: tuple[str, ...]

    def holds(self, wanted: tuple[str, ...], cases: int) -> BoolArray:
        """Return per case whether it falls in one of the wanted values."""
        codes = [number for number, value in enumerate(self.values) if value in wanted]
        held = np.zeros(cases, dtype=np.bool_)
        held[self.case[np.isin(self.code, codes)]] = True
        return held


class CaseReader:
    """One shop's cases of one metric in one window, and their segments.

    `delayed` says whether the metric knows when the outcome of an exposure came.
    """

    def __init__(self, facts: Facts, metric_id: str, shop_id: str, window: Window) -> None:
        """Compute the cases once.

        Raises:
            UnknownNameError: there is no such metric.
        """
        _, _, version = find(metric_id)
        cases = version.cases(facts, window)
        cases = cases.filter(
            (cases.shop_id == shop_id) & ((cases.numerator != 0) | (cases.denominator != 0))
        )
        self._facts = facts
        self._memberships: dict[str, Membership] = {}
        self._table = facts.engine.kept(cases.mutate(case_row=ibis.row_number()))
        self.delayed = OUTCOME in cases.columns
        self.cases = self._read()

    def membership(self, dimension: str) -> Membership:
        """Return the cases' values of a dimension.

        Raises:
            UnknownNameError: these cases do not have the dimension.
        """
        if dimension not in self._memberships:
            self._memberships[dimension] = self._look_up(dimension)
        return self._memberships[dimension]

    def _look_up(self, dimension: str) -> Membership:
        valued = by_dimension(self._facts, self._table, dimension)
        pairs = self._facts.engine.arrow(valued.select("case_row", VALUE).distinct())
        encoded = pairs[VALUE].combine_chunks().dictionary_encode()
        names = np.array(encoded.dictionary.to_pylist(), dtype=object)
        order = np.argsort(names.astype(str), kind="stable")
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        return Membership(
            pairs["case_row"].to_numpy(),
            rank[codes] if len(order) else np.zeros(0, dtype=np.int64),
            tuple(str(names[place]) for place in order),
        )

    def all_of(self, wanted: Mapping[str, tuple[str, ...]]) -> BoolArray:
        """Return per case whether it falls in a wanted value of every dimension."""
        held = np.ones(len(self.cases.day), dtype=np.bool_)
        for dimension, values in wanted.items():
            held &= self.membership(dimension).holds(values, len(held))
        return held

    def _read(self) -> Cases:
        table = self._table
        offset = self._facts.offset_us
        age = (table[OUTCOME] - table["at"]).fill_null(NEVER) if self.delayed else ibis.literal(0)
        columns = self._facts.engine.arrow(
            table.select(
                "case_row",
                day=((table["at"] + offset) // DAY_US).cast("int64"),
                x=table.numerator.cast("float64"),
                y=table.denominator.cast("float64"),
                age=age.cast("int64"),
            ).order_by("case_row")
        )
        return Cases(*(columns[name].to_numpy() for name in ("day", "x", "y", "age")))
