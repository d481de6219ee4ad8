"""A throw-away twin of a workspace for dry runs: what happens to it is lost."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huisheng.lake import Workspace

_LINKED = frozenset({".parquet", ".salt"})
_LEFT_OUT = frozenset({"staging", "spill", "locks", "runs", "quarantine"})


@contextmanager
def shadow(workspace: Workspace) -> Iterator[Workspace]:
    """Give a twin in a temporary folder; data files, which never change, are linked, not copied.

    The twin is complete for an import: running the very same code on it tells exactly what a real
    import would insert, update and refuse.
    """
    with tempfile.TemporaryDirectory(prefix="huisheng-dry-run-") as folder:
        root = Path(folder) / "workspace"
        shutil.copytree(workspace.root, root, ignore=_ignored, copy_function=_copy_or_link)
        for left_out in ("lake", "quarantine", "mappings", "secrets"):
            (root / left_out).mkdir(exist_ok=True)
        yield Workspace(root, workspace.zone)


def _ignored(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name in _LEFT_OUT or name.startswith("desk.sqlite3")}


def _copy_or_link(source: str, target: str) -> str:
    if Path(source).suffix in _LINKED:
        Path(target).symlink_to(Path(source).resolve())
    else:
        shutil.copy2(source, target)
    return target
