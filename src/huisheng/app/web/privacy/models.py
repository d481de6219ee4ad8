"""Requests of data subjects, and how long things are kept."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class FoundBy(StrEnum):
    """What a buyer was found by; the thing itself is never kept."""

    NICK = "nick"
    ORDER = "order"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return {FoundBy.NICK: "昵称或用户编号", FoundBy.ORDER: "订单号"}[self]


class SubjectRequest(models.Model):
    """What one buyer asked for.

    A buyer is known by pseudonyms alone: `customer_keys`, computed with the shop's salt. An order
    that names no buyer stands in `order_nos` until it is erased. `counts` are rows by table when
    the buyer was found, and stay. `erasure` is the id of the job that erases or erased them.
    """

    shop_id = models.CharField(max_length=120)
    found_by = models.CharField(max_length=10, choices=[(f.value, f.label) for f in FoundBy])
    customer_keys = models.JSONField(default=list)
    order_nos = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subject_requests"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    exported_at = models.DateTimeField(null=True)
    erasure = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)
    erased = models.JSONField(default=dict)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-id"]

    @property
    def found_by_label(self) -> str:
        """Return what the buyer was found by, in Chinese."""
        return FoundBy(self.found_by).label


class RetentionPolicy(models.Model):
    """How many days each kind of data is kept; one row, made when it is first changed.

    `days` holds the days that differ from the shipped ones, by rule. Nothing happens before `on`.
    """

    on = models.BooleanField(default=False)
    days = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    changed_at = models.DateTimeField(null=True)
    last_run = models.BigIntegerField(null=True)
    last_day = models.DateField(null=True)
