"""What people decided about stuck points; the stuck points themselves come with each run."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class State(StrEnum):
    """Where a finding stands among people."""

    NEW = "new"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    DONE = "done"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _LABELS[self]


_LABELS = {
    State.NEW: "待认领",
    State.ACCEPTED: "已认领",
    State.DISPUTED: "有异议",
    State.DONE: "已处理",
}


class FindingState(models.Model):
    """The present decision on one finding; `version` guards against overwriting another's."""

    finding_id = models.CharField(max_length=64, unique=True)
    shop_id = models.CharField(max_length=120)
    state = models.CharField(
        max_length=20, choices=[(s.value, s.label) for s in State], default=State.NEW
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="findings"
    )
    version = models.PositiveIntegerField(default=0)

    @property
    def label(self) -> str:
        """Return the state's Chinese name."""
        return State(self.state).label


class Decision(models.Model):
    """One step in a finding's history, with the numbers it was decided on (A27).

    `numbers` holds the finding as the decider saw it: period, data_hash, observed, expected,
    interval and impact of the run; a later run does not change them.
    """

    finding_id = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=20, choices=[(s.value, s.label) for s in State])
    assignee_name = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    numbers = models.JSONField(default=dict)

    class Meta:
        """Oldest first."""

        ordering: ClassVar[list[str]] = ["at", "id"]

    @property
    def label(self) -> str:
        """Return the state's Chinese name."""
        return State(self.state).label
