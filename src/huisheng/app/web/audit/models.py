"""Who looked at, changed or took away what: written with the act, never edited."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest


class Act(StrEnum):
    """What was done."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    LOOKED = "looked"
    CHANGED = "changed"
    EXPORTED = "exported"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        """Return the Chinese name."""
        return _LABELS[self]


_LABELS = {
    Act.SIGNED_IN: "登录",
    Act.SIGNED_OUT: "退出",
    Act.LOOKED: "查看",
    Act.CHANGED: "修改",
    Act.EXPORTED: "导出",
    Act.IMPORTED: "导入",
}


class Event(models.Model):
    """One line of the audit."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events", null=True
    )
    act = models.CharField(max_length=20, choices=[(act.value, act.label) for act in Act])
    shop_id = models.CharField(max_length=120, blank=True, default="")
    about = models.CharField(max_length=300)
    address = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]


VIA = "huisheng.via"
"""Key of `request.META` under which the API says by which token a request came."""


def note(request: HttpRequest, act: Act, about: str, shop_id: str = "") -> None:
    """Write one line about what the person behind a request, or their token, does."""
    about = f"{request.META.get(VIA, '')}{about}"
    user = request.user if request.user.is_authenticated else None
    address = request.META.get("REMOTE_ADDR", "")[:64]
    Event.objects.create(user=user, act=act, shop_id=shop_id, about=about[:300], address=address)
