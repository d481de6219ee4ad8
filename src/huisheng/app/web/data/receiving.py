"""Write what a browser sends straight into the upload's folder, whatever its size."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MOST_FILE_BYTES = 2 << 30
MOST_BYTES = 8 << 30
KEPT_FREE_BYTES = 1 << 30
LONGEST_NAME_BYTES = 200
WHOLE = "whole"
"""Name of the form's last field: a form without it was cut off on the way."""


class Receiver(FileUploadHandler):
    """Writes each file as it comes; nothing is held in memory but one piece.

    Attributes:
        received: the names of the files that came in whole.
        refused: one sentence per file that did not.
    """

    chunk_size = 1 << 20

    def __init__(self, request: HttpRequest, folder: Path, name: str = "") -> None:
        super().__init__(request)
        self._folder = folder
        self._forced = name
        self._total = self._size = 0
        self._full = False
        self._path = folder
        self._stream: BinaryIO | None = None
        self.received: list[str] = []
        self.refused: list[str] = []

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: Mapping[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the announced size before anything is read."""
        free = shutil.disk_usage(self._folder).free
        self._full = content_length > free - KEPT_FREE_BYTES

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Open the next file."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        given = safe_name(str(self.file_name or ""))
        forced, own = PurePosixPath(self._forced).suffix, PurePosixPath(given).suffix
        same_kind = bool(self._forced) and forced.lower() == own.lower()
        self._path = _vacant(self._folder / (self._forced if same_kind else given))
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._stream = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600), "wb")
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, unless the file has become too large or the disk too full."""
        self._size += len(raw_data)
        self._total += len(raw_data)
        if self._full:
            self._refuse("磁盘空间不够，请腾出空间后再上传")
        if self._size > MOST_FILE_BYTES:
            self._refuse(f"超过 {MOST_FILE_BYTES >> 30} GB，请拆分后再上传")
        if self._total > MOST_BYTES:
            self._refuse(f"一次上传超过 {MOST_BYTES >> 30} GB，请分几次")
        try:
            if self._stream is not None:
                self._stream.write(raw_data)
        except OSError:
            self._full = True
            self._refuse("磁盘写不下了，请腾出空间后再上传")

    def file_complete(self, file_size: int) -> None:
        """Close a file that came in whole; the form itself needs nothing of it."""
        if self._stream is not None:
            self._close()
            self.received.append(self._path.relative_to(self._folder).as_posix())

    def upload_interrupted(self) -> None:
        """Close what was cut off; the caller deletes the folder."""
        self._close()

    def _refuse(self, why: str) -> None:
        self._close()
        self._path.unlink(missing_ok=True)
        self.refused.append(f"{self._path.name}：{why}")
        raise SkipFile

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def safe_name(name: str) -> str:
    """Return a file name that is visible, short enough, and leads nowhere else."""
    leaf = PurePosixPath(name.replace("\\", "/")).name.lstrip(".")
    suffix = PurePosixPath(leaf).suffix[:20]
    room = LONGEST_NAME_BYTES - len(suffix.encode())
    stem = leaf.removesuffix(suffix).encode("utf-8", "ignore")[:room].decode("utf-8", "ignore")
    return f"{stem or '文件'}{suffix}"


def safe_path(name: str) -> str:
    """Return the name of a file inside an archive or folder, each part of it safe."""
    parts = [safe_name(part) for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    return "/".join(parts)


def _vacant(path: Path) -> Path:
    """Return the path, numbered where there is such a file already."""
    number, wanted = 1, path
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
    return path
