"""Tables computed from the facts, kept on disk as long as those facts are the published ones."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import ibis

from huisheng.lake.duckdb_engine import DuckDBEngine
from huisheng.lake.durable import replace_bytes
from huisheng.lake.workspace import Workspace

INDEX = "index.json"


class _Index(TypedDict):
    """What is kept: the folder, how it was made, and of which versions of which tables."""

    generation: str
    recipe: str
    tables: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Computation:
    """A computed table, and the canonical tables it was computed from.

    One that names none is part of a run, as findings are: it holds until the next one is kept.
    """

    rows: ibis.Table
    sources: frozenset[str]


def keep_computed(
    workspace: Workspace, engine: DuckDBEngine, made: Mapping[str, Computation], recipe: str
) -> None:
    """Write computed tables down, in place of those kept before.

    `recipe` tells how they were made beyond the facts: whoever would make them differently has
    another one. The files kept before stay until the next time, for whoever is reading them.
    """
    folder = _folder(workspace)
    older = _index(folder)
    generation = str(int(older["generation"]) + 1)
    for stale in folder.glob("*/"):
        if stale.name != older["generation"]:
            shutil.rmtree(stale)
    (folder / generation).mkdir(parents=True)
    for name, computed in made.items():
        engine.write(computed.rows, folder / generation / f"{name}.parquet")
    tables = {
        name: {source: engine.versions.get(source, -1) for source in sorted(computed.sources)}
        for name, computed in made.items()
    }
    index: _Index = {"generation": generation, "recipe": recipe, "tables": tables}
    replace_bytes(folder / INDEX, json.dumps(index).encode())


def forget_computed(workspace: Workspace) -> None:
    """Delete every computed table at once."""
    shutil.rmtree(_folder(workspace), ignore_errors=True)


class Computed:
    """The computed tables that still hold for what an engine reads.

    Args:
        workspace: where they are kept.
        engine: what is going to read them.
        recipe: how the reader would make them; others are of no use to it.
    """

    def __init__(self, workspace: Workspace, engine: DuckDBEngine, recipe: str) -> None:
        folder = _folder(workspace)
        index = _index(folder)
        self._engine = engine
        self._folder = folder / index["generation"]
        self._opened: dict[str, ibis.Table] = {}
        whole = index["recipe"] == recipe
        tables = index["tables"].items()
        self._tables = {name: sources for name, sources in tables if whole or not sources}

    def get(self, name: str) -> ibis.Table | None:
        """Return a computed table, None unless it was made of just these facts in just this way.

        What is part of a run is returned whatever the facts and the way are by now.
        """
        if name not in self._tables or not self._holds(self._tables[name]):
            return None
        if name not in self._opened:
            self._opened[name] = self._engine.read(self._folder / f"{name}.parquet")
        return self._opened[name]

    def _holds(self, sources: Mapping[str, int]) -> bool:
        now = self._engine.versions
        return all(now.get(name, -1) == version for name, version in sources.items())


def computed_stamp(workspace: Workspace) -> int:
    """Return what tells the computed tables that are kept now from all others; 0 for none."""
    try:
        return (_folder(workspace) / INDEX).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "computed"


def _index(folder: Path) -> _Index:
    try:
        found: _Index = json.loads((folder / INDEX).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {"generation": "0", "recipe": "", "tables": {}}
    return found
