"""Keep rows that belong to one thing in one batch, however the file is cut into blocks."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.errors import BadInputError
from huisheng.intake.cells import unwrapped
from huisheng.intake.reading.sheet import BATCH_ROWS

MOST_ROWS = 8 * BATCH_ROWS
"""Rows of one value beyond which a file is refused: they would have to be held in memory."""


def kept_together(where: str, batches: Iterable[pa.Table], header: str) -> Iterator[pa.Table]:
    """Yield the rows of all batches in order, no run of one value of a column cut in two.

    The rows of the last value of a batch wait for the next one; rows without a value wait for
    nothing. Cells are compared as they are after unwrapping.

    Args:
        where: the file, for the error.
        batches: raw rows.
        header: the column; empty for none.

    Raises:
        BadInputError: a value runs on for more than `MOST_ROWS` rows.
    """
    held: pa.Table | None = None
    for batch in batches:
        rows = batch if held is None else _joined(held, batch)
        start = _last_run(rows, header)
        if start:
            yield rows.slice(0, start)
        held = rows.slice(start) if start < rows.num_rows else None
        if held is not None and held.num_rows > MOST_ROWS:
            raise BadInputError(
                where,
                f"「{header}」列同一个值连续超过 {MOST_ROWS:,} 行，不像是真实的编号",
                "请检查这一列是否导出正确",
            )
    if held is not None:
        yield held


def _joined(held: pa.Table, batch: pa.Table) -> pa.Table:
    return pa.concat_tables([held, batch], promote_options="default").combine_chunks()


def _last_run(rows: pa.Table, header: str) -> int:
    """Return where the run of the last value begins; the end where that has no value."""
    if header not in rows.column_names or not rows.num_rows:
        return int(rows.num_rows)
    cells = unwrapped(rows.select([header]))[header].combine_chunks()
    if not cells[-1].is_valid or not cells[-1].as_py():
        return int(rows.num_rows)
    others = pc.indices_nonzero(pc.fill_null(pc.not_equal(cells, cells[-1]), True))
    return int(others[-1].as_py()) + 1 if len(others) else 0
