"""Replace a file so that a reader, or a crash, sees the old one or the new one, never a mixture."""

import os
import secrets
from pathlib import Path


def replace_bytes(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write `content` beside `path`, flush it to the disk, then rename it over `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
