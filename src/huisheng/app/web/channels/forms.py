"""What is said of a channel."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError

from huisheng.app.web.channels.models import Platform, Subject
from huisheng.app.web.channels.robots import ROBOTS, address_problem
from huisheng.app.web.channels.sending import place_problem
from huisheng.app.web.digest.models import WEEKDAYS


class ChannelForm(forms.Form):
    """One robot; an empty address or secret keeps the one there is."""

    name = forms.CharField(label="名字", max_length=40)
    platform = forms.ChoiceField(label="平台", choices=[(p.value, p.label) for p in Platform])
    address = forms.CharField(
        label="机器人地址（Webhook）", max_length=500, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    secret = forms.CharField(
        label="加签密钥（没开加签就空着）", max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    no_secret = forms.BooleanField(label="不再加签，去掉已保存的密钥", required=False)
    subjects = forms.MultipleChoiceField(
        label="发什么", choices=[(s.value, s.label) for s in Subject],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    shops = forms.MultipleChoiceField(
        label="说哪些店铺（都不选就是全部）", required=False, widget=forms.CheckboxSelectMultiple
    )
    hour = forms.IntegerField(label="几点后发", min_value=0, max_value=23)
    weekday = forms.TypedChoiceField(
        label="周报星期几发", choices=list(enumerate(WEEKDAYS)), coerce=int
    )
    is_on = forms.BooleanField(label="打开", required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        shops: dict[str, str],
        data: Mapping[str, object] | None = None,
        *,
        kept: str = "",
        kept_secret: bool = False,
        initial: dict[str, object] | None = None,
    ) -> None:
        """`kept` is the platform whose robot's address is kept already, empty without one."""
        super().__init__(data, initial=initial)
        self._kept, self._kept_secret = kept, kept_secret
        # Fields are typed as what all of them have in common.
        self.fields["shops"].choices = list(shops.items())  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Return the name on one line."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not name:
            raise ValidationError("请起个名字")
        return name

    def clean(self) -> dict[str, object]:
        """Demand an address that is the platform's own."""
        given: dict[str, object] = super().clean() or {}
        if "platform" not in given:
            return given
        platform, address = Platform(str(given["platform"])), str(given.get("address", ""))
        if not address and self._kept != platform:
            self.add_error("address", "请填写机器人地址，从群机器人的设置里复制")
        problem = address and (
            place_problem(platform, address) or address_problem(platform, address)
        )
        if problem:
            self.add_error("address", problem)
        silent = not given.get("secret") and not given.get("no_secret")
        if address and self._kept_secret and silent:
            self.add_error("secret", "换了地址，请重新填加签密钥，或勾选不再加签")
        if given.get("secret") and not ROBOTS[platform].signed:
            self.add_error("secret", f"{platform.label}机器人没有加签，请空着")
        return given
