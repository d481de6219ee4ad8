"""The ledger of concerns in a workspace: one file per change, none ever written again.

The name of a file is the edition it makes, so two people who change the same edition write the same
file, and the second one is told.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from huisheng.errors import BadInputError, NotAllowedError
from huisheng.lake import Workspace
from huisheng.language import Book, Change, Concern, read_ledger, taxonomy, turned

_COMMENT = "# 由「设置 → 关注点」写入：每个文件是一次改动，历史数字靠它重现，请不要修改或删除。\n"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every change so far, and the book they make."""

    changes: tuple[Change, ...]
    book: Book

    def book_of(self, edition: int) -> Book:
        """Return the book as it was at an edition."""
        return read_ledger(self.changes[:edition], taxonomy())


def ledger(workspace: Workspace) -> Ledger:
    """Return the workspace's ledger.

    Raises:
        BadInputError: a file is missing, or was edited into something that does not fit.
    """
    folder = _folder(workspace)
    stamps = tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml")))
    return _read(folder, stamps)


def keep(workspace: Workspace, change: Change, *, seen: int) -> Book:
    """Write a change down that was made looking at edition `seen`, and return what it makes.

    Raises:
        BadInputError: the change does not fit.
        NotAllowedError: another change came first; nothing is written.
    """
    book = ledger(workspace).book
    if book.edition != seen:
        raise NotAllowedError("关注点刚被别人改过，请看过最新的再改")
    after = turned(book, change, taxonomy())
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    content = _COMMENT + yaml.safe_dump(_plain(change), allow_unicode=True, sort_keys=False)
    _write_once(folder / f"{after.edition:04}.yaml", content)
    return after


def _write_once(path: Path, content: str) -> None:
    """Write a file whole or not at all, and never over another."""
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        raise NotAllowedError("关注点刚被别人改过，请看过最新的再改") from None
    finally:
        Path(part).unlink()


def _folder(workspace: Workspace) -> Path:
    return workspace.root / "taxonomy" / "concerns"


@lru_cache(maxsize=8)
def _read(folder: Path, stamps: tuple[tuple[str, int], ...]) -> Ledger:
    """Read the ledger as it was at `stamps`; every page asks, and it hardly ever changes."""
    for edition, (name, _) in enumerate(stamps, start=1):
        if name != f"{edition:04}.yaml":
            raise _broken(folder / f"{edition:04}.yaml", "这次改动的文件不见了")
    changes = tuple(_change(folder / name) for name, _ in stamps)
    return Ledger(changes, read_ledger(changes, taxonomy()))


def _change(path: Path) -> Change:
    try:
        row = yaml.safe_load(path.read_text("utf-8"))
        concerns = tuple(_concern(one) for one in row.pop("concerns"))
        return Change(concerns=concerns, of=tuple(row.pop("of")), **row)
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, KeyError, TypeError) as exc:
        raise _broken(path, "看不懂") from exc


def _concern(row: Mapping[str, object]) -> Concern:
    listed = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Concern(**{**row, **listed})  # type: ignore[arg-type]


def _plain(change: Change) -> dict[str, object]:
    row = asdict(change)
    row["of"] = list(change.of)
    row["concerns"] = [
        {
            name: list(v) if isinstance(v, tuple) else v
            for name, v in one.items()
            if v or name == "id"
        }
        for one in row["concerns"]
    ]
    return row


def _broken(path: Path, problem: str) -> BadInputError:
    return BadInputError(str(path), problem, "请从备份恢复这个文件")
