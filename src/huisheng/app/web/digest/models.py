"""Where the weekly letter goes, through which server, and whether it goes at all."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class Security(StrEnum):
    """How the connection to the mail server is kept secret."""

    SSL = "ssl"
    STARTTLS = "starttls"
    NONE = "none"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _SECURITY[self]


_SECURITY = {
    Security.SSL: "SSL（多为 465）",
    Security.STARTTLS: "STARTTLS（多为 587）",
    Security.NONE: "不加密",
}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class Digest(models.Model):
    """The only row: the letter's settings. The password lies in the workspace's secrets.

    `shops` is empty for all shops. `last_week` is the ISO week of the last letter, so that none
    goes twice; `version` guards against overwriting another's change.
    """

    is_on = models.BooleanField(default=False)
    host = models.CharField(max_length=200, blank=True, default="")
    port = models.PositiveIntegerField(default=465)
    security = models.CharField(
        max_length=10, choices=[(s.value, s.label) for s in Security], default=Security.SSL
    )
    username = models.CharField(max_length=200, blank=True, default="")
    sender = models.EmailField(blank=True, default="")
    recipients = models.JSONField(default=list)
    shops = models.JSONField(default=list)
    weekday = models.PositiveSmallIntegerField(default=0)
    hour = models.PositiveSmallIntegerField(default=9)
    last_week = models.CharField(max_length=10, blank=True, default="")
    last_result = models.CharField(max_length=300, blank=True, default="")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """A single row."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_digest")
        ]
