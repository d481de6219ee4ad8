"""Protected rows to lake rows: local date and hour, provenance, exactly the table's schema."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.connector import ROW
from huisheng.intake.keys import column_of
from huisheng.records import Table

NO_DATE = "none"
"""`local_date` of a row whose anchor instant is not known."""

_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from and when they were read."""

    file: str
    now_us: int
    offset_us: int


def land(table: Table, rows: pa.Table, origin: Origin) -> pa.Table:
    """Return rows with exactly the table's schema; `row_hash` is left to the lake.

    Args:
        table: the canonical table.
        rows: typed and protected rows, `shop_id`, `platform` and `ROW` among them.
        origin: file, time of import and the shops' offset from UTC.
    """
    count = rows.num_rows
    date, hour = _local(table, rows, origin.offset_us)
    made = {
        "source_file": pa.repeat(origin.file, count),
        "source_row": rows[ROW].combine_chunks(),
        "imported_at": pa.repeat(pa.scalar(origin.now_us, pa.int64()), count),
        "local_date": date,
        "local_hour": hour,
        "row_hash": pa.nulls(count, pa.int64()),
    }
    columns = [
        made[field.name] if field.name in made else column_of(rows, field.name, field.type)
        for field in table.schema
    ]
    return pa.table(columns, schema=table.schema)


def _local(table: Table, rows: pa.Table, offset_us: int) -> tuple[pa.Array, pa.Array]:
    count = rows.num_rows
    if not table.anchor:
        return pa.nulls(count, pa.string()), pa.nulls(count, pa.int64())
    anchor = pc.coalesce(*(column_of(rows, name, pa.int64()) for name in table.anchor))
    local = pc.add(anchor, offset_us)
    # No instant before 1970 is accepted, so integer division rounds down.
    days = pc.divide(local, _DAY_US)
    date = pc.cast(pc.cast(pc.cast(days, pa.int32()), pa.date32()), pa.string())
    hour = pc.divide(pc.subtract(local, pc.multiply(days, _DAY_US)), _HOUR_US)
    return pc.fill_null(date, NO_DATE), hour
