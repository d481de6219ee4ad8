"""What people fill in about themselves and about others."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from huisheng.app.web.accounts.models import User


def _password(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget)


class SignInForm(forms.Form):
    """Name, password and, where the person has one, the six digits of the second factor."""

    username = forms.CharField(label="登录名", max_length=150)
    password = _password("密码", "current-password")
    code = forms.CharField(
        label="动态码或恢复码（开通了两步验证才填）", required=False, max_length=12
    )


class NewPasswordForm(forms.Form):
    """A password given twice, held to the rules."""

    password = _password("密码（至少 10 位）", "new-password")
    again = _password("再输一次", "new-password")

    def clean(self) -> dict[str, object]:
        """Compare the two and apply the rules."""
        found: dict[str, object] = super().clean() or {}
        first, second = found.get("password"), found.get("again")
        if first and second and first != second:
            self.add_error("again", "两次输入的密码不一样")
        elif isinstance(first, str):
            try:
                password_validation.validate_password(first, self._about())
            except ValidationError as exc:
                self.add_error("password", exc)
        return found

    def _about(self) -> User | None:
        return None


class OwnerForm(NewPasswordForm):
    """The account of the first visitor."""

    field_order = ("username", "name", "password", "again")
    username = forms.CharField(label="登录名", max_length=150)
    name = forms.CharField(label="姓名", max_length=60)

    def _about(self) -> User:
        return User(username=self.cleaned_data.get("username", ""))


class OwnPasswordForm(NewPasswordForm):
    """A change of one's own password."""

    field_order = ("current", "password", "again")
    current = _password("现在的密码", "current-password")

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._user = user

    def clean_current(self) -> str:
        """Check the present password."""
        given = str(self.cleaned_data["current"])
        if not self._user.check_password(given):
            raise ValidationError("现在的密码不对")
        return given

    def _about(self) -> User:
        return self._user


class ConfirmForm(forms.Form):
    """The password and a code of the second factor, for what somebody at an open page must not do.

    The code is one of the telephone or, where that is lost, a recovery code.
    """

    password = _password("现在的密码", "current-password")
    code = forms.CharField(
        label="动态码",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )
