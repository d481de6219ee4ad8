"""One shop's exposure as integer codes, ready to be counted along every segmentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huisheng.insight.exposure import Exposure
from huisheng.insight.statistics import Ints
from huisheng.metrics import Window

DAY_US = 86_400_000_000
STRATUM_DIMENSION = "category"
PAIR_HANDICAP = 3.0
"""Log-likelihood a pair must gain beyond a single dimension: it has many more segments to pick."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way to cut the units into segments, each split into the strata it touches (cells)."""

    dimensions: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    segments: Ints
    cells: Ints
    cell_segment: Ints
    cell_stratum: Ints
    segment_count: int
    stratum_count: int
    by_category: bool
    handicap: float

    @property
    def cell_count(self) -> int:
        """Return the number of cells."""
        return len(self.cell_segment)

    def strata(self, crossing: "Crossing") -> Ints:
        """Return every unit's stratum under this segmentation."""
        return crossing.strata if self.by_category else crossing.weeks

    def holds(self, segment: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which units lie in a segment."""
        return np.asarray(self.segments == segment)

    def values_of(self, segment: int) -> tuple[str, ...]:
        """Return the segment's value along each dimension."""
        if len(self.names) == 1:
            return (self.names[0][segment],)
        return tuple(
            names[code] for names, code in zip(self.names, self._split(segment), strict=True)
        )

    def _split(self, segment: int) -> tuple[int, int]:
        unit = int(np.argmax(self.segments == segment))
        first, second = self._parts
        return int(first[unit]), int(second[unit])

    parts: tuple[Ints, Ints] | None = field(default=None)

    @property
    def _parts(self) -> tuple[Ints, Ints]:
        assert self.parts is not None
        return self.parts


@dataclass(frozen=True, slots=True)
class Crossing:
    """The units of one shop in the period: strata, days, segmentations, and who met what.

    `rows` are the units' row numbers in the exposure's table.
    """

    rows: Ints
    weeks: Ints
    strata: Ints
    days: Ints
    day_count: int
    segmentations: tuple[Segmentation, ...]
    problems: Mapping[tuple[str, str], Ints]

    @property
    def size(self) -> int:
        """Return the number of units."""
        return len(self.rows)


def cross(exposure: Exposure, shop_id: str, period: Window) -> Crossing:
    """Return the exposure of one shop within a period, coded."""
    units = exposure.units
    at = units["at"].to_numpy()
    inside = (
        np.asarray(pc.equal(units["shop_id"], shop_id))
        & (at >= period.start_us)
        & (at < period.end_us)
    )
    rows = np.flatnonzero(inside)
    days = ((at[rows] - period.start_us) // DAY_US).astype(np.int64)
    weeks = days // 7
    categories, category_names = (
        _codes(units, STRATUM_DIMENSION, rows)
        if STRATUM_DIMENSION in units.column_names
        else (np.zeros(len(rows), dtype=np.int64), ("",))
    )
    week_count = int(weeks.max(initial=0)) + 1
    strata = (categories + 1) * week_count + weeks
    coded = {name: _codes(units, name, rows) for name in exposure.dimensions}
    sizes = (week_count, (len(category_names) + 1) * week_count)
    segmentations = [
        _single(name, *coded[name], weeks=weeks, strata=strata, sizes=sizes)
        for name in exposure.dimensions
    ]
    segmentations += [
        _pair(pair, coded, weeks=weeks, strata=strata, sizes=sizes)
        for pair in exposure.pairs
        if set(pair) <= set(coded)
    ]
    return Crossing(
        rows=rows,
        weeks=weeks,
        strata=strata,
        days=days,
        day_count=period.days,
        segmentations=tuple(s for s in segmentations if s.segment_count > 0),
        problems=_problems(exposure, rows, units.num_rows),
    )


def _problems(exposure: Exposure, rows: Ints, unit_count: int) -> dict[tuple[str, str], Ints]:
    """Return, per problem, the distinct units that met it, as positions in `rows`."""
    position = np.full(unit_count, -1, dtype=np.int64)
    position[rows] = np.arange(len(rows))
    events = exposure.events
    joined = pc.binary_join_element_wise(
        events["kind"].cast(pa.string()), events["problem"].cast(pa.string()), "\x1f"
    )
    encoded = joined.combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    where = position[events["unit"].to_numpy()]
    found = {}
    for code, name in enumerate(encoded.dictionary.to_pylist()):
        units = np.unique(where[codes == code])
        units = units[units >= 0]
        kind, _, problem = name.partition("\x1f")
        if len(units):
            found[(kind, problem)] = units
    return dict(sorted(found.items()))


def _codes(units: pa.Table, name: str, rows: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Return codes (−1 for unknown) and the names they stand for, in alphabetical order."""
    values = units[name].cast(pa.string()).combine_chunks().take(pa.array(rows))
    names = sorted(set(values.unique().to_pylist()) - {None, ""})
    codes = pc.index_in(values, value_set=pa.array(names, pa.string())).fill_null(-1)
    return codes.to_numpy(zero_copy_only=False).astype(np.int64), tuple(names)


def _single(
    name: str,
    codes: Ints,
    names: tuple[str, ...],
    *,
    weeks: Ints,
    strata: Ints,
    sizes: tuple[int, int],
) -> Segmentation:
    by_category = name != STRATUM_DIMENSION
    return _segmentation(
        (name,), (names,), codes, len(names), strata if by_category else weeks,
        sizes[1] if by_category else sizes[0], by_category, 0.0, None,
    )  # fmt: skip


def _pair(
    pair: tuple[str, str],
    coded: Mapping[str, tuple[Ints, tuple[str, ...]]],
    *,
    weeks: Ints,
    strata: Ints,
    sizes: tuple[int, int],
) -> Segmentation:
    (first, first_names), (second, second_names) = coded[pair[0]], coded[pair[1]]
    known = (first >= 0) & (second >= 0)
    joint = np.where(known, first * (len(second_names) or 1) + second, -1)
    values, codes = np.unique(joint[known], return_inverse=True)
    segments = np.full(len(joint), -1, dtype=np.int64)
    segments[known] = codes
    return _segmentation(
        pair, (first_names, second_names), segments, len(values), strata, sizes[1], True,
        PAIR_HANDICAP, (first, second),
    )  # fmt: skip


def _segmentation(
    dimensions: tuple[str, ...],
    names: tuple[tuple[str, ...], ...],
    segments: Ints,
    segment_count: int,
    strata: Ints,
    stratum_count: int,
    by_category: bool,
    handicap: float,
    parts: tuple[Ints, Ints] | None,
) -> Segmentation:
    known = segments >= 0
    joint = segments[known] * stratum_count + strata[known]
    values, codes = np.unique(joint, return_inverse=True)
    cells = np.full(len(segments), -1, dtype=np.int64)
    cells[known] = codes
    return Segmentation(
        dimensions=dimensions,
        names=names,
        segments=segments,
        cells=cells,
        cell_segment=values // stratum_count,
        cell_stratum=values % stratum_count,
        segment_count=segment_count,
        stratum_count=stratum_count,
        by_category=by_category,
        handicap=handicap,
        parts=parts,
    )
