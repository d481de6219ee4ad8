"""Tokens, how often they knocked, and what was answered to requests that may come twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from huisheng.app.web.accounts.roles import Right


class Token(models.Model):
    """What a program shows instead of a password; the token itself is kept nowhere.

    `digest` is the SHA-256 of the whole token, `prefix` its beginning, by which people tell
    tokens apart. `rights` and `shops` narrow what its person may do at the time of each request;
    no shops narrow none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    rights = models.JSONField()
    shops = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    @property
    def held_rights(self) -> frozenset[Right]:
        """Return the rights it was made for."""
        return frozenset(Right(right) for right in _texts(self.rights))

    @property
    def held_shops(self) -> list[str]:
        """Return the shops it was made for, none where it was made for all."""
        return _texts(self.shops)

    def works(self, now: datetime) -> bool:
        """Return whether it opens anything, as far as the token itself goes."""
        return self.revoked_at is None and now < self.expires_at


class Knocks(models.Model):
    """How many requests came under one key in the present stretch of time."""

    key = models.CharField(max_length=100, unique=True)
    stretch = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)


class KeptAnswer(models.Model):
    """The answer to a request that named an idempotency key; `status` is null while it is made."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    content = models.TextField(blank=True, default="")

    class Meta:
        """One answer per token and key."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")
        ]


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]
