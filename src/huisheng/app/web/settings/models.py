"""The master of reference data: what is set here lands in the lake as an import batch.

Every editable row carries a `version`, which grows with each change, so that two editors cannot
overwrite each other.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from huisheng.app.web.settings.promotions import Phase

ROLES = (("human", "人工客服"), ("supervisor", "主管"), ("robot", "机器人"), ("system", "系统"))
PHASES = tuple((phase.value, phase.label) for phase in Phase)


class Campaign(models.Model):
    """One promotion of a shop.

    `windows` is a list of `{"phase", "start", "end"}`, ISO instants with their offset, in order of
    start; `most_windows` is how many it ever had, so that those taken away can be told to the lake.
    `assumed` says that its dates are our proposal and no announcement.
    """

    shop_id = models.CharField(max_length=120)
    campaign_id = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    windows = models.JSONField(default=list)
    most_windows = models.PositiveSmallIntegerField(default=0)
    stack_mode = models.CharField(max_length=20, blank=True, default="")
    price_protect_days = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=200, blank=True, default="")
    assumed = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One row per campaign of a shop."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop_id", "campaign_id"], name="one_campaign")
        ]
        ordering: ClassVar[list[str]] = ["campaign_id"]


class ShopProfile(models.Model):
    """What is set of one shop: name, category, hours.

    `calendar` is what `worktime.parse_calendar` reads, null where nobody has set hours.
    """

    shop_id = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=60, blank=True, default="")
    platform = models.CharField(max_length=20, blank=True, default="")
    category = models.CharField(max_length=60, blank=True, default="")
    calendar = models.JSONField(null=True)
    channels = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)


class Agent(models.Model):
    """One account that answers buyers."""

    shop_id = models.CharField(max_length=120)
    agent_id = models.CharField(max_length=120)
    account = models.CharField(max_length=120, blank=True, default="")
    display_name = models.CharField(max_length=60, blank=True, default="")
    role = models.CharField(max_length=20, choices=ROLES, default="human")
    group_name = models.CharField(max_length=60, blank=True, default="")
    active = models.BooleanField(default=True)
    joined_at = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One row per account of a shop."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop_id", "agent_id"], name="one_agent")
        ]
        ordering: ClassVar[list[str]] = ["group_name", "agent_id"]


class ShiftWeek(models.Model):
    """A week whose shifts are set here, and so no longer taken from imports."""

    shop_id = models.CharField(max_length=120)
    monday = models.DateField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One row per week of a shop."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop_id", "monday"], name="one_week")
        ]


class Shift(models.Model):
    """One agent's working time; one that was called off ends when it begins."""

    week = models.ForeignKey(ShiftWeek, on_delete=models.CASCADE, related_name="shifts")
    agent_id = models.CharField(max_length=120)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()

    class Meta:
        """Nobody begins twice at once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["week", "agent_id", "start_at"], name="one_shift")
        ]
        ordering: ClassVar[list[str]] = ["start_at", "agent_id"]


class Assumption(models.Model):
    """The present value of an assumption that somebody changed; without a row the default holds."""

    assumption_id = models.CharField(max_length=80, unique=True)
    value = models.FloatField(null=True)
    version = models.PositiveIntegerField(default=1)


class AssumptionChange(models.Model):
    """One step in an assumption's history; a null value is the return to the default."""

    assumption_id = models.CharField(max_length=80, db_index=True)
    value = models.FloatField(null=True)
    why = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]


class Department(models.Model):
    """Who speaks for one of the five departments of a shop."""

    shop_id = models.CharField(max_length=120)
    department = models.CharField(max_length=20)
    owner = models.CharField(max_length=60, blank=True, default="")
    contact = models.CharField(max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One row per department of a shop."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop_id", "department"], name="one_department")
        ]


class LanguageModelSwitch(models.Model):
    """Whether words may be sent to a language model: one row, off until an owner says why."""

    on = models.BooleanField(default=False)
    endpoint = models.CharField(max_length=300, blank=True, default="")
    model = models.CharField(max_length=100, blank=True, default="")
    daily_requests = models.PositiveIntegerField(default=200)
    daily_tokens = models.PositiveIntegerField(default=1_000_000)
    why = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    version = models.PositiveIntegerField(default=1)


class Landing(models.Model):
    """What of a shop's settings the lake was given.

    `digest` is the fingerprint of the sheet, `found` that of the lake's rows after it landed: an
    import that changes them later makes the two sides differ again.
    """

    shop_id = models.CharField(max_length=120)
    table = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    found = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        """One row per table of a shop."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop_id", "table"], name="one_landing")
        ]
