"""What people fill in about themselves and about others."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from huisheng.app.web.accounts.models import ROLE_CHOICES, Membership, User


def _password(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget)


class SignInForm(forms.Form):
    """Name, password and, where the person has one, the six digits of the second factor."""

    username = forms.CharField(label="登录名", max_length=150)
    password = _password("密码", "current-password")
    code = forms.CharField(label="动态码（开通了两步验证才填）", required=False, max_length=12)


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


class PersonForm(forms.Form):
    """A new person, with one role in one shop or in all."""

    username = forms.CharField(label="登录名", max_length=150)
    name = forms.CharField(label="姓名", max_length=60)
    shop_id = forms.ChoiceField(label="店铺")
    role = forms.ChoiceField(label="角色", choices=ROLE_CHOICES)
    department = forms.ChoiceField(label="部门（责任部门、供应商必填）", required=False)
    agent_id = forms.CharField(label="客服账号（客服必填）", max_length=120, required=False)
    carrier = forms.CharField(label="快递（供应商）", max_length=60, required=False)

    def __init__(
        self, shops: dict[str, str], departments: dict[str, str], data: object = None
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        every = [(Membership.ALL_SHOPS, "所有店铺"), *shops.items()]
        self.fields["shop_id"].choices = every  # type: ignore[attr-defined]
        self.fields["department"].choices = [("", "—"), *departments.items()]  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """A name is taken once."""
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username=username).exists():
            raise ValidationError("这个登录名已经有人用了")
        return username

    def clean(self) -> dict[str, object]:
        """Ask for what the role is narrowed to."""
        found: dict[str, object] = super().clean() or {}
        role = found.get("role")
        if role in ("department", "supplier") and not found.get("department"):
            self.add_error("department", "请选择部门")
        if role == "agent" and not found.get("agent_id"):
            self.add_error("agent_id", "请填写客服账号")
        return found
