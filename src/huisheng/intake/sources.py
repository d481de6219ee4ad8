"""What the user pointed at, as a list of files that can be opened, reference tables first."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from huisheng.errors import BadInputError
from huisheng.intake.archive import MOST_WORKBOOK_BYTES, safe_members

SUFFIXES = frozenset(
    {*(".csv", ".tsv", ".txt", ".log", ".json", ".jsonl", ".ndjson", ".parquet", ".pq")}
    | {*(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")}
)
_FIRST = ("shops", "agents", "products", "skus", "refund_reasons", "campaigns", "campaign_rules")
_LOCK_PREFIX = "~$"
_IGNORED = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import.

    Attributes:
        name: as shown to the user, relative to the folder or archive given.
        size: in bytes.
        open: opens it for reading; a member of an archive is read in place, so that nothing
            unmasked is written to a disk.
        seekable: opens it for random access.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    seekable: Callable[[], BinaryIO]

    @property
    def stem(self) -> str:
        """Return the file name without folder and suffix."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """Return the suffix in lower case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Found:
    """Files to import, files passed over with the reason, and paths that cannot be used."""

    sources: tuple[Source, ...]
    skipped: Mapping[str, str]
    refused: Mapping[str, BadInputError]


def find_sources(paths: Sequence[Path]) -> Found:
    """List the files behind `paths`: files, folders with all below them, ZIP archives."""
    sources: list[Source] = []
    skipped: dict[str, str] = {}
    refused: dict[str, BadInputError] = {}
    for path in paths:
        try:
            for name, file in _files(path):
                _add(name, file, sources, skipped)
        except BadInputError as exc:
            refused[path.name or str(path)] = exc
        except OSError as exc:
            refused[path.name or str(path)] = _unreadable(str(path), exc)
    return Found(tuple(sorted(sources, key=_order)), skipped, refused)


def opened(where: str, path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        BadInputError: it cannot be read, for instance because Excel holds it.
    """
    try:
        return path.open("rb")
    except OSError as exc:
        raise _unreadable(where, exc) from exc


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.exists():
        raise BadInputError(str(path), "没有这个文件或目录", "请检查路径是否写对")
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not _hidden(file.relative_to(path).parts):
                yield file.relative_to(path).as_posix(), file
    else:
        yield path.name, path


def _hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") or part in _IGNORED for part in parts)


def _add(name: str, path: Path, sources: list[Source], skipped: dict[str, str]) -> None:
    suffix = path.suffix.lower()
    if path.name.startswith(_LOCK_PREFIX):
        skipped[name] = "Excel 正在编辑时留下的锁文件"
    elif suffix == ".zip":
        _add_members(name, path, sources, skipped)
    elif suffix not in SUFFIXES:
        skipped[name] = f"不支持的文件类型 {suffix or '（无扩展名）'}"
    else:
        sources.append(
            Source(
                name, path.stat().st_size, lambda: opened(name, path), lambda: opened(name, path)
            )
        )


def _add_members(name: str, path: Path, sources: list[Source], skipped: dict[str, str]) -> None:
    try:
        with opened(name, path) as stream, zipfile.ZipFile(stream) as archive:
            members = safe_members(name, archive)
    except zipfile.BadZipFile as exc:
        raise BadInputError(name, "压缩包不完整或已损坏", "请重新下载后再导入") from exc
    for inside, member in members:
        shown = f"{name}/{inside}"
        leaf = PurePosixPath(inside)
        if _hidden(leaf.parts):
            continue
        if leaf.name.startswith(_LOCK_PREFIX):
            skipped[shown] = "Excel 正在编辑时留下的锁文件"
        elif leaf.suffix.lower() not in SUFFIXES:
            skipped[shown] = f"不支持的文件类型 {leaf.suffix or '（无扩展名）'}"
        else:
            sources.append(_member_source(shown, path, member))


def _member_source(name: str, path: Path, member: zipfile.ZipInfo) -> Source:
    def stream() -> BinaryIO:
        # The returned stream keeps the archive's file open for as long as it lives.
        return zipfile.ZipFile(path).open(member)  # type: ignore[return-value]

    def seekable() -> BinaryIO:
        if member.file_size > MOST_WORKBOOK_BYTES:
            raise BadInputError(name, "压缩包内的文件过大", "请先解压再导入")
        with stream() as file:
            return io.BytesIO(file.read())

    return Source(name, member.file_size, stream, seekable)


def _order(source: Source) -> tuple[int, str]:
    places = [place for place, table in enumerate(_FIRST) if source.stem.startswith(table)]
    return (min(places, default=len(_FIRST)), source.name)


def _unreadable(where: str, exc: OSError) -> BadInputError:
    if isinstance(exc, PermissionError):
        return BadInputError(
            where, "没有读取权限，或正被别的程序占用", "请关闭占用它的程序并检查权限"
        )
    return BadInputError(where, f"无法读取（{exc.strerror or exc}）", "请检查磁盘与路径后重试")
