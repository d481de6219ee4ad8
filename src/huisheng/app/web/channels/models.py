"""Group robots, what each is told, and every message that is due to one."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class Platform(StrEnum):
    """Whose group a robot sits in."""

    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WECOM = "wecom"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _PLATFORMS[self]


class Subject(StrEnum):
    """What a robot may be told."""

    WEEKLY = "weekly"
    MORNING = "morning"
    FAILURES = "failures"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _SUBJECTS[self]


_PLATFORMS = {Platform.DINGTALK: "钉钉", Platform.FEISHU: "飞书", Platform.WECOM: "企业微信"}
_SUBJECTS = {
    Subject.WEEKLY: "每周周报",
    Subject.MORNING: "每天班前会摘要",
    Subject.FAILURES: "任务失败",
}


class Channel(models.Model):
    """One robot. Its address and secret lie in the workspace's secrets; `shown` may be seen.

    `shops` is empty for all shops. `is_well` is how the last message fared, null before any;
    `version` guards against overwriting another's change.
    """

    name = models.CharField(max_length=40)
    platform = models.CharField(max_length=20, choices=[(p.value, p.label) for p in Platform])
    shown = models.CharField(max_length=120)
    has_secret = models.BooleanField(default=False)
    shops = models.JSONField(default=list)
    subjects = models.JSONField(default=list)
    weekday = models.PositiveSmallIntegerField(default=0)
    hour = models.PositiveSmallIntegerField(default=8)
    is_on = models.BooleanField(default=True)
    is_well = models.BooleanField(null=True)
    last_result = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order in which they were added."""

        ordering: ClassVar[list[str]] = ["id"]

    @property
    def platform_label(self) -> str:
        """Return whose group it is, in Chinese."""
        return Platform(self.platform).label

    @property
    def subjects_told(self) -> str:
        """Return what it is told, in Chinese."""
        return "、".join(one.label for one in Subject if one.value in self.subjects) or "什么也不发"


class Message(models.Model):
    """One message that a channel is due; written down before it is sent, so that none is lost.

    `mark` tells the messages of one subject apart: the week, the day, the last job that failed.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="messages")
    subject = models.CharField(max_length=20)
    mark = models.CharField(max_length=40)
    about = models.JSONField(default=list)
    made_at = models.DateTimeField()
    asked = models.PositiveSmallIntegerField(default=0)
    job = models.PositiveBigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Each goes once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["channel", "subject", "mark"], name="one_message")
        ]
