"""What is set about the weekly letter."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from huisheng.app.web.digest.models import WEEKDAYS, Security
from huisheng.app.web.outside import mail_problem

MOST_RECIPIENTS = 50


class DigestForm(forms.Form):
    """Server, sender, recipients, day; an empty password keeps the one there is."""

    is_on = forms.BooleanField(label="每周发送", required=False)
    host = forms.RegexField(
        r"^[A-Za-z0-9.-]+$", label="邮件服务器", max_length=200, required=False,
        error_messages={"invalid": "只写主机名，如 smtp.example.com"},
    )  # fmt: skip
    port = forms.IntegerField(label="端口", min_value=1, max_value=65535)
    security = forms.ChoiceField(label="加密", choices=[(s.value, s.label) for s in Security])
    username = forms.CharField(label="账号", max_length=200, required=False)
    password = forms.CharField(
        label="密码或授权码", max_length=200, required=False, strip=False,
        widget=forms.PasswordInput,
    )  # fmt: skip
    sender = forms.EmailField(label="发件人", required=False)
    recipients = forms.CharField(label="收件人", max_length=5000, required=False)
    weekday = forms.TypedChoiceField(label="星期", choices=list(enumerate(WEEKDAYS)), coerce=int)
    hour = forms.IntegerField(label="几点后", min_value=0, max_value=23)
    version = forms.IntegerField(min_value=0)

    def clean_recipients(self) -> list[str]:
        """Return the addresses, one per line or comma."""
        text = (
            self.cleaned_data["recipients"].replace("，", ",").replace("；", ",").replace(";", ",")
        )
        found = list(dict.fromkeys(part for part in text.replace(",", " ").split() if part))
        if len(found) > MOST_RECIPIENTS:
            raise ValidationError(f"收件人最多 {MOST_RECIPIENTS} 个")
        for address in found:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(f"「{address[:60]}」不是邮箱地址") from error
        return found

    def clean(self) -> dict[str, object]:
        """Demand a server, a sender and a recipient before anything is switched on."""
        given: dict[str, object] = super().clean() or {}
        if given.get("is_on"):
            for name in ("host", "sender", "recipients"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, "要发送就得填")
        host, port = given.get("host"), given.get("port")
        problem = mail_problem(str(host), int(str(port))) if host and port else ""
        if problem:
            self.add_error("host", problem)
        return given
