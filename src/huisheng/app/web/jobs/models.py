"""One row per piece of work: what, for whom, how far, and who holds it until when."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class Kind(StrEnum):
    """What is to be done."""

    IMPORT = "import"
    ANALYZE = "analyze"
    UNDO = "undo"
    COLLECT = "collect"
    ERASE = "erase"
    RETAIN = "retain"
    DIGEST = "digest"
    TELL = "tell"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _KINDS[self]


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _STATES[self]


_KINDS = {
    Kind.IMPORT: "导入",
    Kind.ANALYZE: "分析",
    Kind.UNDO: "撤销导入",
    Kind.COLLECT: "收取文件夹",
    Kind.ERASE: "删除买家资料",
    Kind.RETAIN: "到期清理",
    Kind.DIGEST: "周报邮件",
    Kind.TELL: "通知",
}
_STATES = {
    State.QUEUED: "排队中",
    State.RUNNING: "进行中",
    State.DONE: "已完成",
    State.FAILED: "没有完成",
    State.CANCELLED: "已取消",
}
OPEN = (State.QUEUED, State.RUNNING)
SHOWN_ELSEWHERE = (Kind.ERASE, Kind.RETAIN, Kind.DIGEST, Kind.TELL)
"""Kinds of other rooms, which those who hand over files need not see."""
EVERY_SHOP = "*"
"""`shop_id` of a job that touches shops which only people of all shops may see."""


class Job(models.Model):
    """One piece of work.

    `shop_id` is empty where a job concerns everybody, as an analysis does. `holder` names the
    process that works on it; after `lease_until` anybody may take it over. `attempts` counts how
    often somebody began it, `returns` how often it was given back in order; the difference is how
    often its process died. `share` is 0–1, null where nobody knows.
    """

    kind = models.CharField(max_length=20, choices=[(k.value, k.label) for k in Kind])
    payload = models.JSONField(default=dict)
    shop_id = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(
        max_length=20, choices=[(s.value, s.label) for s in State], default=State.QUEUED.value
    )
    step = models.CharField(max_length=300, blank=True, default="")
    detail = models.CharField(max_length=60, blank=True, default="")
    share = models.FloatField(null=True)
    holder = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    returns = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs", null=True
    )
    made_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        """Taken in the order in which they were made."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "id"])]

    @property
    def kind_label(self) -> str:
        """Return what is done, in Chinese."""
        return Kind(self.kind).label

    @property
    def state_label(self) -> str:
        """Return where it stands, in Chinese."""
        return State(self.state).label

    @property
    def is_open(self) -> bool:
        """Return whether it will still change."""
        return self.state in OPEN

    def seconds(self, now: datetime) -> float | None:
        """Return how long it has taken so far; None before it began."""
        if self.started_at is None:
            return None
        return ((self.ended_at or now) - self.started_at).total_seconds()


class WatchedFolder(models.Model):
    """A folder whose files are imported as they arrive.

    Where `shop_id` is empty, each folder inside is named after the shop its files belong to, and
    files beside them must name their shops themselves.
    """

    path = models.CharField(max_length=500, unique=True)
    shop_id = models.CharField(max_length=64, blank=True, default="")
    analyze = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, default="")


class Arrival(models.Model):
    """A file that arrived in a watched folder, as it was when it was taken.

    It is imported by its job and then put away; until `settled_at` says so it is not taken again.
    `taken` is whether it was imported, null before anybody knows; `said` why not, or what of it.
    """

    folder = models.ForeignKey(WatchedFolder, on_delete=models.CASCADE, related_name="arrivals")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="arrivals")
    path = models.CharField(max_length=500)
    size = models.BigIntegerField()
    changed_ns = models.BigIntegerField()
    taken = models.BooleanField(null=True)
    said = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        """The latest first."""

        ordering: ClassVar[list[str]] = ["-id"]
