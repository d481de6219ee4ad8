"""What the pages read: the current analysis run and the published facts, opened once."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from django.conf import settings

from huisheng.app.analysis import kept_relations, latest
from huisheng.app.assumptions import chosen
from huisheng.app.report import Document
from huisheng.app.report.document import Names
from huisheng.errors import BadInputError
from huisheng.lake import (
    Computed,
    DuckDBEngine,
    Workspace,
    computed_stamp,
    open_engine,
    open_workspace,
    read_manifest,
)
from huisheng.metrics import Chosen, Facts

RESIDENT_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class _Shelf:
    """What this process has open, and of which version."""

    document: Document | None = None
    document_stamp: int = -1
    engine: DuckDBEngine | None = None
    root: Path | None = None
    relations: Computed | None = None
    relations_of: tuple[DuckDBEngine, int, Chosen] | None = None


_shelf = _Shelf()
_reading = threading.RLock()


def workspace() -> Workspace:
    """Return the workspace this process serves."""
    return open_workspace(settings.WORKSPACE)


def run_stamp() -> int:
    """Return what tells the current analysis run from all others; 0 before the first one."""
    try:
        return (workspace().runs / "current.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def document() -> Document | None:
    """Return the current analysis run, None before the first one."""
    place, stamp = workspace(), run_stamp()
    if not stamp:
        return None
    with _reading:
        if stamp != _shelf.document_stamp:
            try:
                _shelf.document = latest(place)
            except BadInputError:
                return None
            _shelf.document_stamp = stamp
        return _shelf.document


def names() -> Names:
    """Return the Chinese names of ids; empty before the first run."""
    found = document()
    if found is not None:
        return found["names"]
    return cast(Names, {name: {} for name in Names.__annotations__})


def _published(place: Workspace) -> Mapping[str, int]:
    return read_manifest(place.lake).versions


@contextmanager
def facts() -> Iterator[Facts]:
    """Yield the published facts; one reader of a process at a time, since they share an engine."""
    place = workspace()
    with _reading:
        if _shelf.root != place.root:
            # Versions count from nought in every workspace.
            _shelf.root, _shelf.engine = place.root, None
        if _shelf.engine is None or _shelf.engine.versions != _published(place):
            before, _shelf.engine = _shelf.engine, None
            _shelf.engine = open_engine(place, resident_bytes=RESIDENT_BYTES, after=before)
        assumed = chosen(place)
        yield Facts(
            _shelf.engine, assumptions=assumed, ready=_relations(place, _shelf.engine, assumed).get
        )


def _relations(place: Workspace, engine: DuckDBEngine, assumed: Chosen) -> Computed:
    """Return the relations that the last analysis kept, opened once."""
    wanted = (engine, computed_stamp(place), assumed)
    if _shelf.relations is None or _shelf.relations_of != wanted:
        _shelf.relations = kept_relations(place, engine, assumed)
        _shelf.relations_of = wanted
    return _shelf.relations
