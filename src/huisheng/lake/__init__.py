"""Where facts live: Delta tables in one workspace, read through one engine protocol."""

from huisheng.lake import erasure, undo
from huisheng.lake.computed import (
    Computation,
    Computed,
    computed_stamp,
    forget_computed,
    keep_computed,
)
from huisheng.lake.duckdb_engine import DuckDBEngine, engine_over
from huisheng.lake.durable import replace_bytes
from huisheng.lake.engine import Engine
from huisheng.lake.manifest import read_manifest
from huisheng.lake.store import Change, Write, open_engine, read_columns, vacuum, writing
from huisheng.lake.workspace import Workspace, create_workspace, open_workspace

__all__ = [
    "Change",
    "Computation",
    "Computed",
    "DuckDBEngine",
    "Engine",
    "Workspace",
    "Write",
    "computed_stamp",
    "create_workspace",
    "engine_over",
    "erasure",
    "forget_computed",
    "keep_computed",
    "open_engine",
    "open_workspace",
    "read_columns",
    "read_manifest",
    "replace_bytes",
    "undo",
    "vacuum",
    "writing",
]
