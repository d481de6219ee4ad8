"""The record of an import: one row per file and shop, the same for the same file."""

import json
from collections.abc import Sequence

import pyarrow as pa

from huisheng.intake.pipeline import Pipeline
from huisheng.intake.recognition import Plan
from huisheng.intake.shops import OTHER
from huisheng.lake import Engine
from huisheng.records import all_tables

_SHORT = 16


def batch_rows(
    engine: Engine,
    file_hash: str,
    encoding: str,
    plans: Sequence[Plan],
    pipeline: Pipeline,
    now_us: int,
) -> pa.Table:
    """Return the `import_batches` rows of a file; its first time and name are kept."""
    counts = pipeline.staging.counts
    shops = sorted({shop for _, shop in counts}) or [pipeline.shops.default(pipeline.where)]
    before = _before(engine, file_hash)
    schema = all_tables()["import_batches"].schema
    rows = []
    for shop in shops:
        batch_id = f"{file_hash[:_SHORT]}-{shop}"
        file, at = before.get(batch_id, (pipeline.origin.file, now_us))
        tables = {table: n for (table, owner), n in sorted(counts.items()) if owner == shop}
        values = {
            "shop_id": shop,
            "platform": pipeline.shops.platforms.get(shop, OTHER),
            "batch_id": batch_id,
            "file": file,
            "file_hash": file_hash,
            "connector": "、".join(dict.fromkeys(plan.label for plan in plans)),
            "encoding": encoding,
            "counts": json.dumps(tables),
            "rows_bad": pipeline.quarantine.count,
            "mapping_id": next((plan.mapping.stem for plan in plans if plan.mapping), None),
            "at": at,
            "source_file": file,
            "imported_at": at,
        }
        rows.append(dict.fromkeys(schema.names) | values)
    return pa.Table.from_pylist(rows, schema=schema)


def older_versions(engine: Engine, file_hash: str, batches: pa.Table) -> frozenset[str]:
    """Return the hashes of files that this one replaces: same name, kind and shop, other content.

    Args:
        engine: over what was published before.
        file_hash: of the file.
        batches: the file's own `import_batches` rows.
    """
    mine = {_identity(row) for row in batches.to_pylist()}
    past = engine.table("import_batches")
    past = past.filter(past.file_hash != file_hash)
    named = past.filter(past.file.isin([file for _, file, _ in mine]))
    rows = engine.arrow(named.select("shop_id", "file", "connector", "file_hash")).to_pylist()
    return frozenset(row["file_hash"] for row in rows if _identity(row) in mine)


def _identity(row: dict[str, str]) -> tuple[str, str, str]:
    return row["shop_id"], row["file"], row["connector"]


def _before(engine: Engine, file_hash: str) -> dict[str, tuple[str, int]]:
    batches = engine.table("import_batches")
    same = batches.filter(batches.file_hash == file_hash).select("batch_id", "file", "at")
    return {row["batch_id"]: (row["file"], row["at"]) for row in engine.arrow(same).to_pylist()}
