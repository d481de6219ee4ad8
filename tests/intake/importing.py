"""Import files in tests and read what landed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa

from huisheng.intake import FileReport, ImportReport, import_path
from huisheng.lake import Workspace, open_engine
from huisheng.records import all_tables

NOW_US = 1_790_000_000_000_000


@dataclass(frozen=True)
class Desk:
    """A workspace and a folder to write files in."""

    workspace: Workspace
    folder: Path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def report(self, *paths: Path, **options) -> ImportReport:
        options = {"shop_id": None, "now_us": NOW_US} | options
        return import_path(self.workspace, paths, **options)

    def take(self, name: str, content: str | bytes, **options) -> FileReport:
        """Write and import one file that must be accepted."""
        report = self.report(self.write(name, content), **options)
        assert not report.errors, report.errors
        return report.files[0]

    def refusal(self, name: str, content: str | bytes, **options) -> str:
        """Write and import one file that must be refused; return why."""
        report = self.report(self.write(name, content), **options)
        assert not report.changes
        return report.files[0].error

    def rows(self, table: str, *columns: str) -> list[dict]:
        """Return what landed, by key: all set columns, or the named ones."""
        engine = open_engine(self.workspace)
        rows = engine.arrow(engine.table(table)).to_pylist()
        rows.sort(key=lambda row: str([row[name] for name in _key(table)]))
        if columns:
            return [{name: row[name] for name in columns} for row in rows]
        return [{name: cell for name, cell in row.items() if cell is not None} for row in rows]

    def column(self, table: str, name: str) -> list:
        return [row[name] for row in self.rows(table, name)]

    def arrow(self, table: str) -> pa.Table:
        engine = open_engine(self.workspace)
        return engine.arrow(engine.table(table))


def _key(table: str) -> Iterable[str]:
    return all_tables()[table].lake_key


def utc_us(local: str) -> int:
    """Return a Shanghai time as UTC microseconds."""
    at = datetime.fromisoformat(local).replace(tzinfo=timezone(timedelta(hours=8)))
    return int(at.timestamp()) * 1_000_000 + at.microsecond
