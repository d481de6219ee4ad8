"""Files that somebody took along, or asked to: given at once, approved or refused, taken."""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

GOOD_FOR = timedelta(days=7)
"""How long an approval holds."""


class ExportState(StrEnum):
    """Where a request stands."""

    GIVEN = "given"
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _LABELS[self]


_LABELS = {
    ExportState.GIVEN: "不需批准",
    ExportState.ASKED: "等批准",
    ExportState.APPROVED: "已批准",
    ExportState.REFUSED: "没批准",
}


class ExportRequest(models.Model):
    """One file that somebody wants to take along.

    `source` and `query` say again and again what is in it; nothing is kept of the file itself but
    the hash of what was taken last.
    """

    source = models.CharField(max_length=40)
    query = models.CharField(max_length=2000)
    format = models.CharField(max_length=4)
    title = models.CharField(max_length=200)
    shops = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.label) for s in ExportState], default=ExportState.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports_asked"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    file_hash = models.CharField(max_length=64, blank=True, default="")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-id"]

    @property
    def state_label(self) -> str:
        """Return the state's Chinese name; an approval that ran out says so."""
        return "批准已过期" if self.has_lapsed else ExportState(self.state).label

    @property
    def has_lapsed(self) -> bool:
        """Return whether an approval holds no more."""
        since = {ExportState.APPROVED: self.decided_at, ExportState.GIVEN: self.asked_at}.get(
            ExportState(self.state)
        )
        return since is not None and since + GOOD_FOR < timezone.now()

    @property
    def is_open(self) -> bool:
        """Return whether the file may be taken now."""
        return self.state in (ExportState.GIVEN, ExportState.APPROVED) and not self.has_lapsed

    @property
    def only_shop(self) -> str:
        """Return the shop it is about, empty where there are several."""
        return self.shops[0] if len(self.shops) == 1 else ""
