"""The relations of an analysis, kept for the pages: they ask about the same facts all day."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

import ibis

from huisheng.lake import Computation, Computed, DuckDBEngine, Workspace, keep_computed
from huisheng.metrics import Chosen, Facts

WORDS = "text"
"""The column of what people said; a relation that has it is not copied out of the lake."""
MAKERS = ("metrics", "worktime")
"""Packages whose code decides what a relation holds."""
AS_OF_THE_RUN: frozenset[str] = frozenset()
"""Sources of what is part of a run, as its findings are: later imports leave it as it is."""


def keep_relations(
    workspace: Workspace, engine: DuckDBEngine, facts: Facts, counted: Mapping[str, ibis.Table]
) -> None:
    """Keep every relation that an analysis has computed, and what it counted for the pages."""
    made = {
        name: Computation(rows, sources)
        for name, (rows, sources) in facts.kept.items()
        if WORDS not in rows.columns
    }
    made |= {name: Computation(rows, AS_OF_THE_RUN) for name, rows in counted.items()}
    keep_computed(workspace, engine, made, _recipe(facts.assumptions))


def kept_relations(workspace: Workspace, engine: DuckDBEngine, assumed: Chosen) -> Computed:
    """Return the relations of an earlier analysis that still hold for what an engine reads."""
    return Computed(workspace, engine, _recipe(assumed))


def _recipe(assumed: Chosen) -> str:
    return hashlib.sha256(f"{_code()} {sorted(assumed.items())}".encode()).hexdigest()


@cache
def _code() -> str:
    """Return a fingerprint of the code that makes relations."""
    digest = hashlib.sha256(version("huisheng").encode())
    for package in MAKERS:
        for source in _sources(files("huisheng") / package):
            digest.update(source)
    return digest.hexdigest()


def _sources(folder: Traversable) -> list[bytes]:
    found: list[bytes] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _sources(entry)
        elif entry.name.endswith(".py"):
            found.append(entry.read_bytes())
    return found
