"""Files on their way in: in a folder of their own, for the owner alone, and not for long.

They are the merchant's exports as they came, with names and telephone numbers, so they are deleted
as soon as the lake has what it needs of them.
"""

import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from huisheng.app.web.jobs.models import OPEN, Job, Kind

KEPT = timedelta(days=3)
"""How long files wait that could not be imported whole, for a second try."""


def folder_of(upload: str) -> Path:
    """Return the folder of one upload."""
    return _root() / upload


def new_upload() -> str:
    """Make a folder that nobody else can read; return its name."""
    upload = secrets.token_hex(8)
    _root().mkdir(mode=0o700, exist_ok=True)
    folder_of(upload).mkdir(mode=0o700)
    return upload


def paths_of(upload: str) -> list[Path]:
    """Return what an import is given: each file, or the folder where names lead into folders."""
    folder = folder_of(upload)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [folder] if any(path.is_dir() for path in found) else found


def discard(upload: str) -> None:
    """Delete an upload."""
    if upload:
        shutil.rmtree(folder_of(upload), ignore_errors=True)


def sweep(now: datetime) -> None:
    """Delete uploads that nobody is going to import any more, cut-off ones among them."""
    wanted = {
        str(payload.get("upload"))
        for payload in Job.objects.filter(kind=Kind.IMPORT, state__in=OPEN).values_list(
            "payload", flat=True
        )
    }
    for folder in _root().iterdir() if _root().is_dir() else ():
        age = now.timestamp() - folder.stat().st_mtime
        if folder.name not in wanted and age > KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    return Path(settings.WORKSPACE) / "uploads"
