"""Write made-up tables: staged Parquet for the lake, or the files a merchant would hand over."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.shop import OFFSET_US, Size, parts
from huisheng.lake import Workspace, writing
from huisheng.records import all_tables
from huisheng.records.table import Kind, Table

SHOP_ID = "bench"


def land(workspace: Workspace, size: Size, staging: Path) -> None:
    """Make a shop of a size and land it."""
    staging.mkdir(parents=True, exist_ok=True)
    staged: dict[str, list[Path]] = {}
    for number, tables in enumerate(parts(size)):
        for name, columns in tables.items():
            path = staging / f"{name}-{number}.parquet"
            pq.write_table(_lake_table(all_tables()[name], columns), path)
            staged.setdefault(name, []).append(path)
    with writing(workspace, list(staged)) as write:
        for name, paths in staged.items():
            write.upsert(name, paths)


def write_exports(folder: Path, size: Size) -> int:
    """Write a shop of a size as files to import; return the number of rows.

    Orders and messages are CSV, as exports are; the rest is Parquet.
    """
    rows = 0
    for number, tables in enumerate(parts(size)):
        part = folder / f"{number:03}"
        part.mkdir(parents=True)
        for name, columns in tables.items():
            table = file_table(all_tables()[name], columns)
            rows += table.num_rows
            if name in ("orders", "messages"):
                pyarrow.csv.write_csv(table, part / f"{name}.csv")
            else:
                pq.write_table(table, part / f"{name}.parquet")
    return rows


def file_table(table: Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return columns as a file holds them: local times as text, amounts in yuan."""
    return pa.table(
        {name: _cells(table.own[name].kind, column) for name, column in columns.items()}
    )


def _cells(kind: Kind, column: pa.Array) -> pa.Array:
    if kind is Kind.INSTANT:
        local = pc.add(column, OFFSET_US).cast(pa.timestamp("us")).cast(pa.timestamp("s"))
        return pc.strftime(local, format="%Y-%m-%d %H:%M:%S")
    if kind is Kind.MONEY:
        return pc.divide(column.cast(pa.float64()), 100.0)
    return column


def _lake_table(table: Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    count = len(next(iter(columns.values())))
    filled = {table.own[name].stored: column for name, column in columns.items()}
    anchor = pc.coalesce(*[columns[name] for name in table.anchor if name in columns])
    local = pc.add(anchor, OFFSET_US).cast(pa.timestamp("us"))
    filled |= {
        "shop_id": pa.repeat(pa.scalar(SHOP_ID), count),
        "platform": pa.repeat(pa.scalar("tmall"), count),
        "source_file": pa.repeat(pa.scalar("made-up"), count),
        "source_row": pa.array(np.arange(count)),
        "imported_at": pa.repeat(pa.scalar(0), count),
        "local_date": pc.strftime(local, format="%Y-%m-%d"),
        "local_hour": pc.hour(local),
    }
    arrays = [
        filled[field.name].cast(field.type) if field.name in filled else pa.nulls(count, field.type)
        for field in table.schema
    ]
    return pa.Table.from_arrays(arrays, schema=table.schema)
