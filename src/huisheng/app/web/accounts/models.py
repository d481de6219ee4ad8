"""People, what they may do in which shop, and failed attempts to sign in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from huisheng.app.web.accounts.roles import Role

ROLE_CHOICES = [(role.value, role.label) for role in Role]


class Users(BaseUserManager["User"]):
    """Makes people."""

    def create(self, username: str, name: str, password: str) -> "User":  # type: ignore[override]
        """Make a person with a password, who may do nothing yet."""
        user = self.model(username=username, name=name)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who signs in.

    `second_factor` is the TOTP secret once it is confirmed, empty without, and
    `second_factor_step` the time step of the last code that was taken: none is taken twice.
    `version` grows with every change of the person's record, so that two editors cannot overwrite
    each other.
    """

    username = models.CharField("登录名", max_length=150, unique=True)
    name = models.CharField("姓名", max_length=60)
    is_active = models.BooleanField("在职", default=True)
    must_change_password = models.BooleanField(default=False)
    second_factor = models.CharField(max_length=64, blank=True, default="")
    second_factor_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    objects: ClassVar[Users] = Users()

    class Meta:
        """Order of listing."""

        ordering: ClassVar[list[str]] = ["username"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person is in one shop; a shop of `*` means every shop, also those still to come.

    `department` narrows the roles department and supplier, `agent_id` the role agent, `carrier`
    the role supplier.
    """

    ALL_SHOPS = "*"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    shop_id = models.CharField("店铺", max_length=120)
    role = models.CharField("角色", max_length=20, choices=ROLE_CHOICES)
    department = models.CharField("部门", max_length=40, blank=True, default="")
    agent_id = models.CharField("客服账号", max_length=120, blank=True, default="")
    carrier = models.CharField("快递", max_length=60, blank=True, default="")

    class Meta:
        """One role per person and shop."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "shop_id"], name="one_role_per_shop")
        ]


class RecoveryCode(models.Model):
    """A way in for who lost the second factor: kept as a keyed hash, good for one sign-in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """One row per code."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "digest"], name="one_row_per_recovery_code")
        ]


class FailedSignIn(models.Model):
    """One wrong password, for the lockout."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Looked up by name and by address, latest first."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["username", "at"]),
            models.Index(fields=["address", "at"]),
        ]
