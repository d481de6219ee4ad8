"""Look into watched folders, and make one import job of what has arrived whole."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.transaction import atomic
from django.utils import timezone

from huisheng.app.web.audit.models import Act, Event
from huisheng.app.web.jobs.collecting import AWAY, put_away
from huisheng.app.web.jobs.models import EVERY_SHOP, OPEN, Arrival, Job, Kind, WatchedFolder
from huisheng.app.web.jobs.queue import enqueue

LOOKED_EVERY_S = 5.0
STILL_S = 10.0
"""A file is whole when neither its size nor its time has changed for so long."""

PATIENCE_S = 120.0
"""Files that arrived wait so long for others of their shop that are still being written."""

MOST_FILES = 2_000
LONGEST_PATH, LONGEST_SHOP = 500, 120
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".filepart")
NO_FOLDER = "打不开这个文件夹：它不在了，或没有读写权限"
NOT_MOVED = "文件移不走，没有再导入：请检查文件夹的写权限"
BAD_NAMES = "有 {count} 个文件没有收取：名字太长或有乱码，或所在文件夹的名字不能作店铺编号。请改名"
log = logging.getLogger("huisheng.jobs")

Look = tuple[int, int]
"""A file's size and time of change."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a watched folder: its path inside, size, time of change and shop."""

    path: str
    size: int
    changed_ns: int
    shop_id: str

    @property
    def look(self) -> Look:
        """Return what changes when the file does."""
        return self.size, self.changed_ns


class Watcher:
    """Remembers how files looked the last time, to know which are still being written.

    Args:
        clock: seconds that never go back.
        still_s: see `STILL_S`.
        every_s: how often to look at most.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        still_s: float = STILL_S,
        every_s: float = LOOKED_EVERY_S,
    ) -> None:
        self._clock = clock
        self._still_s = still_s
        self._every_s = every_s
        self._looked = clock() - every_s
        self._seen: dict[tuple[int, str], tuple[Look, float]] = {}

    def look(self) -> None:
        """Look into every folder, not more often than it was said."""
        if self._clock() - self._looked < self._every_s:
            return
        self._looked = self._clock()
        for folder in WatchedFolder.objects.order_by("pk"):
            problem = ""
            try:
                problem = self._look_into(folder)
            except PermissionError:
                problem = NOT_MOVED
            except OSError:
                problem = NO_FOLDER
                log.warning("收取文件夹 %s 看不了", folder.path, exc_info=True)
            WatchedFolder.objects.filter(pk=folder.pk).update(
                looked_at=timezone.now(), problem=problem
            )

    def _look_into(self, folder: WatchedFolder) -> str:
        """Take what is whole; return what the page should say of the rest."""
        root = Path(folder.path)
        if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
            raise FileNotFoundError(folder.path)
        _put_away_ended(folder)
        taken = set(folder.arrivals.filter(settled_at=None).values_list("path", flat=True))
        found, unnamed = files_in(root, folder.shop_id)
        files = [each for each in found if each.path not in taken]
        since = self._since(folder, files)
        shops: dict[str, list[Found]] = {}
        for each in files:
            shops.setdefault(each.shop_id, []).append(each)
        for shop_id, some in shops.items():
            whole = [each for each in some if since[each.path] >= self._still_s]
            waited = max((since[each.path] for each in whole), default=0.0)
            if whole and (len(whole) == len(some) or waited >= self._still_s + PATIENCE_S):
                take(folder, shop_id, whole)
        return BAD_NAMES.format(count=unnamed) if unnamed else ""

    def _since(self, folder: WatchedFolder, files: Iterable[Found]) -> Mapping[str, float]:
        """Return for how many seconds each file has looked the same, as far as was seen."""
        now = self._clock()
        found = {}
        for each in files:
            look, first = self._seen.get((folder.pk, each.path), (None, now))
            found[folder.pk, each.path] = (each.look, first if look == each.look else now)
        others = {key: seen for key, seen in self._seen.items() if key[0] != folder.pk}
        self._seen = others | found
        return {path: now - first for (_, path), (_, first) in found.items()}


def files_in(root: Path, shop_id: str) -> tuple[list[Found], int]:
    """Return the files of a folder that are to be imported, at most `MOST_FILES`.

    Hidden files, locks, downloads under way and links are none; nor is what was put away. Beside
    them, how many stay where they are because their name or their shop's cannot be used.
    """
    found: list[Found] = []
    unnamed = 0
    for path in _walk(root):
        state = path.stat()
        inside = path.relative_to(root)
        shop = shop_id or (inside.parts[0] if len(inside.parts) > 1 else "")
        if not _is_named(inside.as_posix(), shop):
            unnamed += 1
            continue
        found.append(Found(inside.as_posix(), state.st_size, state.st_mtime_ns, shop))
        if len(found) == MOST_FILES:
            break
    return found, unnamed


def _is_named(path: str, shop_id: str) -> bool:
    """Return whether the operational store can hold a path, and a shop can be called so."""
    # A name in another encoding comes with surrogates, which no database takes.
    readable = path.encode("utf-8", "replace").decode() == path and path.isprintable()
    return (
        readable
        and len(path) <= LONGEST_PATH
        and len(shop_id) <= LONGEST_SHOP
        and shop_id != EVERY_SHOP
    )


def take(folder: WatchedFolder, shop_id: str, files: Iterable[Found]) -> Job | None:
    """Make one job of files that arrived; of several who see them one alone does."""
    with atomic():
        _alone(folder)
        taken = set(folder.arrivals.filter(settled_at=None).values_list("path", flat=True))
        mine = [each for each in files if each.path not in taken]
        if not mine:
            return None
        order = {"folder": folder.path, "shop_id": shop_id, "analyze": folder.analyze}
        job = enqueue(Kind.COLLECT, order, shop_id=shop_id or EVERY_SHOP, by=None)
        Arrival.objects.bulk_create(
            Arrival(folder=folder, job=job, path=each.path, size=each.size,
                    changed_ns=each.changed_ns)
            for each in mine
        )  # fmt: skip
        names = "、".join(Path(each.path).name for each in mine[:5])
        about = f"从收取文件夹取走 {len(mine)} 个文件（任务 {job.pk}）：{names}"
        Event.objects.create(act=Act.IMPORTED, shop_id=shop_id, about=about[:300])
        return job


def _alone(folder: WatchedFolder) -> None:
    """Let nobody else take files of this folder until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    rows = WatchedFolder.objects.filter(pk=folder.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    rows.get()


def _put_away_ended(folder: WatchedFolder) -> None:
    """Put away what a job that has ended left behind: it failed, was cancelled, or died moving."""
    left = folder.arrivals.select_related("job").filter(settled_at=None)
    for each in left.exclude(job__state__in=OPEN):
        if each.taken is None:
            each.taken, each.said = False, each.job.error or "没有导入。"
        put_away(each)


def _walk(root: Path) -> Iterator[Path]:
    for at, folders, names in os.walk(root):
        here = Path(at)
        away = AWAY if here == root else ()
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in away
        )
        for name in sorted(names):
            path = here / name
            hidden = name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED)
            if not hidden and path.is_file() and not path.is_symlink():
                yield path
