"""Where an import keeps its masked rows until they are published; nothing of it outlives it."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from huisheng.records import all_tables

_LOCK = "lock"


class Staging:
    """Parquet files in one folder, one per table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self.counts: dict[tuple[str, str], int] = {}

    @property
    def files(self) -> dict[str, Path]:
        """Return the staged file of every table that has rows."""
        return {name: self._path(name) for name in self._writers}

    def write(self, name: str, rows: pa.Table) -> None:
        """Append rows that have the table's schema."""
        if name not in self._writers:
            schema = all_tables()[name].schema
            self._writers[name] = pq.ParquetWriter(self._path(name), schema, compression="lz4")
        self._writers[name].write_table(rows)
        for pair in rows["shop_id"].value_counts().to_pylist():
            key = (name, pair["values"])
            self.counts[key] = self.counts.get(key, 0) + pair["counts"]

    def close(self) -> None:
        """Finish every file."""
        for writer in self._writers.values():
            writer.close()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


@contextmanager
def staging(root: Path, file_hash: str) -> Iterator[Staging]:
    """Open a staging folder for one file, and sweep up what killed imports left behind.

    A folder belongs to whoever holds the lock on the file inside it; the kernel drops a lock
    with its process, so a folder that can be locked has no owner.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root):
        _sweep(root)
        folder = Path(tempfile.mkdtemp(prefix=f"{file_hash[:16]}-", dir=root))
        held = _try_lock(folder)
    stage = Staging(folder)
    try:
        yield stage
    finally:
        stage.close()
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            held.close()


def _sweep(root: Path) -> None:
    for folder in root.iterdir():
        if folder.is_dir():
            held = _try_lock(folder)
            if held is not None:
                shutil.rmtree(folder, ignore_errors=True)
                held.close()


def _try_lock(folder: Path) -> TextIO | None:
    file = (folder / _LOCK).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    with (root / _LOCK).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
