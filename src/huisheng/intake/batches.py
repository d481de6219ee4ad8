"""The record of an import: one row per file and shop, the same for the same file."""

import json
from collections.abc import Sequence
from typing import TypedDict

import pyarrow as pa

from huisheng.intake.pipeline import Pipeline
from huisheng.intake.recognition import Plan
from huisheng.intake.shops import OTHER
from huisheng.lake import Workspace, read_columns
from huisheng.records import all_tables

BATCHES = "import_batches"
_SHORT = 16


class Batch(TypedDict):
    """What one import of one file recorded of one shop."""

    shop_id: str
    file: str
    connector: str
    file_hash: str
    batch_id: str
    at: int


PAST = list(Batch.__annotations__)


def past_batches(workspace: Workspace) -> list[Batch]:
    """Return what earlier imports recorded, of the columns that later ones ask about."""
    return _recorded(read_columns(workspace, BATCHES, PAST))


def batch_rows(
    past: Sequence[Batch],
    file_hash: str,
    encoding: str,
    plans: Sequence[Plan],
    pipeline: Pipeline,
    now_us: int,
) -> pa.Table:
    """Return the `import_batches` rows of a file; its first time and name are kept."""
    counts, rejected = pipeline.staging.counts, pipeline.quarantine.shops
    shops = _shops_of(pipeline)
    same = [row for row in past if row["file_hash"] == file_hash]
    before = {row["batch_id"]: (row["file"], row["at"]) for row in same}
    schema = all_tables()[BATCHES].schema
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
            # Of one shop alone: also what nobody can say the shop of.
            "rows_bad": rejected[shop] if len(shops) > 1 else rejected.total(),
            "mapping_id": next((plan.mapping.stem for plan in plans if plan.mapping), None),
            "at": at,
            "source_file": file,
            "imported_at": at,
        }
        rows.append(dict.fromkeys(schema.names) | values)
    return pa.Table.from_pylist(rows, schema=schema)


def older_versions(past: Sequence[Batch], file_hash: str, batches: pa.Table) -> frozenset[str]:
    """Return the hashes of files that this one replaces: same name, kind and shop, other content.

    Args:
        past: what was recorded before.
        file_hash: of the file.
        batches: the file's own `import_batches` rows.
    """
    mine = {_identity(row) for row in _recorded(batches)}
    older = (row for row in past if row["file_hash"] != file_hash)
    return frozenset(row["file_hash"] for row in older if _identity(row) in mine)


def _shops_of(pipeline: Pipeline) -> list[str]:
    """Return the shops a file has rows of, also such as were all set aside.

    A shop that no row landed in must be known already: a slip of the pen founds none.
    """
    landed = {shop for _, shop in pipeline.staging.counts}
    rejected = {shop for shop in pipeline.quarantine.shops if pipeline.shops.is_known(shop)}
    return sorted(landed | rejected) or [pipeline.shops.default(pipeline.where)]


def _recorded(batches: pa.Table) -> list[Batch]:
    rows: list[Batch] = batches.select(PAST).to_pylist()
    return rows


def _identity(row: Batch) -> tuple[str, str, str]:
    return row["shop_id"], row["file"], row["connector"]
