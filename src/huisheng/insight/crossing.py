"""One shop's exposure as integer codes, ready to be counted along every segmentation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huisheng.insight.exposure import NO_SEGMENT, Cut, Exposure
from huisheng.insight.statistics import Ints
from huisheng.metrics import Window

DAY_US = 86_400_000_000
PAIR_HANDICAP = 3.0
"""Log-likelihood a pair must gain beyond a single dimension: it has many more segments to pick."""

Names = tuple[str, ...]
DepartmentOf = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """One way to cut the units into segments, each split into the strata it touches (cells).

    `codes` and `names` have one entry per dimension; −1 is unknown. `strata` says what every unit
    is compared within.
    """

    cut: Cut
    codes: tuple[Ints, ...]
    names: tuple[Names, ...]
    segments: Ints
    segment_count: int
    strata: Ints
    stratum_count: int
    cells: Ints
    cell_segment: Ints
    cell_stratum: Ints

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return the dimensions of the cut."""
        return self.cut.dimensions

    @property
    def cell_count(self) -> int:
        """Return the number of cells."""
        return len(self.cell_segment)

    @property
    def handicap(self) -> float:
        """Return the log-likelihood this cut must gain beyond a simpler one."""
        return PAIR_HANDICAP * (len(self.codes) - 1)

    @property
    def named(self) -> NDArray[np.bool_]:
        """Return which segments are somebody's: not the units outside all of them."""
        lacking = np.zeros(len(self.segments), dtype=bool)
        for codes, names in zip(self.codes, self.names, strict=True):
            if NO_SEGMENT in names:
                lacking |= codes == names.index(NO_SEGMENT)
        result = np.ones(self.segment_count, dtype=bool)
        result[self.segments[lacking & (self.segments >= 0)]] = False
        return result

    def holds(self, segment: int) -> NDArray[np.bool_]:
        """Return which units lie in a segment."""
        return np.asarray(self.segments == segment)

    def values_of(self, segment: int) -> tuple[str, ...]:
        """Return the segment's value along each dimension."""
        unit = int(np.argmax(self.segments == segment))
        return tuple(
            names[int(codes[unit])] for codes, names in zip(self.codes, self.names, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Crossing:
    """The units of one shop in the period: days, segmentations, and who met what.

    `rows` are the units' row numbers in the exposure's table; `problems` gives, per problem, the
    distinct units that met it.
    """

    rows: Ints
    days: Ints
    day_count: int
    segmentations: tuple[Segmentation, ...]
    problems: Mapping[tuple[str, str], Ints]
    departments: Mapping[tuple[str, str], str]

    @property
    def size(self) -> int:
        """Return the number of units."""
        return len(self.rows)

    def cuts_for(self, problem: tuple[str, str]) -> tuple[Segmentation, ...]:
        """Return the segmentations that can be to blame for a problem."""
        owner = self.departments[problem]
        return tuple(
            segmentation
            for segmentation in self.segmentations
            if (not segmentation.cut.departments or owner in segmentation.cut.departments)
            and problem[1] not in segmentation.cut.not_for
        )


def cross(
    exposure: Exposure, shop_id: str, period: Window, department_of: DepartmentOf
) -> Crossing:
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
    wanted = {name for cut in exposure.cuts for name in (*cut.dimensions, cut.within)}
    coded = {name: _codes(units, name, rows) for name in sorted(wanted & set(units.column_names))}
    problems = _problems(exposure, rows, units.num_rows)
    cuts = [cut for cut in exposure.cuts if set(cut.dimensions) <= set(coded)]
    segmentations = [_segmentation(cut, coded, days // 7) for cut in cuts]
    return Crossing(
        rows=rows,
        days=days,
        day_count=period.days,
        segmentations=tuple(s for s in segmentations if s.segment_count > 0),
        problems=problems,
        departments={problem: department_of(*problem) for problem in problems},
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


def _codes(units: pa.Table, name: str, rows: Ints) -> tuple[Ints, Names]:
    """Return codes (−1 for unknown) and the names they stand for, in alphabetical order."""
    values = units[name].cast(pa.string()).combine_chunks().take(pa.array(rows))
    names = sorted(set(values.unique().to_pylist()) - {None, ""})
    codes = pc.index_in(values, value_set=pa.array(names, pa.string())).fill_null(-1)
    return codes.to_numpy(zero_copy_only=False).astype(np.int64), tuple(names)


def _segmentation(cut: Cut, coded: Mapping[str, tuple[Ints, Names]], weeks: Ints) -> Segmentation:
    codes = tuple(coded[name][0] for name in cut.dimensions)
    names = tuple(coded[name][1] for name in cut.dimensions)
    segments, segment_count = _joint(codes, names)
    within, within_names = coded.get(cut.within, (np.full(len(weeks), -1), ()))
    week_count = int(weeks.max(initial=0)) + 1
    strata = (within + 1) * week_count + weeks
    stratum_count = (len(within_names) + 1) * week_count
    known = segments >= 0
    values, inverse = np.unique(
        segments[known] * stratum_count + strata[known], return_inverse=True
    )
    cells = np.full(len(segments), -1, dtype=np.int64)
    cells[known] = inverse
    return Segmentation(
        cut=cut,
        codes=codes,
        names=names,
        segments=segments,
        segment_count=segment_count,
        strata=strata,
        stratum_count=stratum_count,
        cells=cells,
        cell_segment=values // stratum_count,
        cell_stratum=values % stratum_count,
    )


def _joint(codes: tuple[Ints, ...], names: tuple[Names, ...]) -> tuple[Ints, int]:
    """Return one code per combination that occurs, −1 where any part is unknown."""
    known = np.logical_and.reduce([part >= 0 for part in codes])
    joint = codes[0].copy()
    for part, part_names in zip(codes[1:], names[1:], strict=True):
        joint = joint * max(len(part_names), 1) + part
    segments = np.full(len(joint), -1, dtype=np.int64)
    values, inverse = np.unique(joint[known], return_inverse=True)
    segments[known] = inverse
    return segments, len(values)
