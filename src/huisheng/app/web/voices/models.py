"""What people said of labels: every judgement, who made it and when, and whether it has landed."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models


class Outcome(StrEnum):
    """What became of one label in a judgement, seen from the model's answer."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


OUTCOMES = [("kept", "认可"), ("removed", "去掉"), ("added", "补上")]


class Correction(models.Model):
    """One person's judgement of one head of one line: all labels that hold, or none.

    `number` counts the judgements of that head of that line, so that two people cannot overwrite
    each other. `before` and `after` are lists of [label, value], `model_said` what the model
    (or a rule) had said. `version` orders human judgements in the lake; `landed_at` is empty
    until the labels stand there.
    """

    shop_id = models.CharField(max_length=120)
    table_name = models.CharField(max_length=40)
    row_id = models.CharField(max_length=300)
    head = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections"
    )
    before = models.JSONField()
    after = models.JSONField()
    model_said = models.JSONField()
    agreed = models.BooleanField()
    newest = models.BooleanField(default=True)
    version = models.CharField(max_length=40)
    said_at_us = models.BigIntegerField(null=True)
    landed_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        """Latest first; one judgement per number."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["shop_id", "table_name", "row_id", "head", "number"],
                name="one_judgement_per_number",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["newest", "shop_id", "head"])]


class Verdict(models.Model):
    """What one judgement says of one label."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="verdicts")
    label = models.CharField(max_length=40)
    value = models.SmallIntegerField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
