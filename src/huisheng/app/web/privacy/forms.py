"""What people fill in about buyers and about keeping."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError

from huisheng.app.web.privacy.models import FoundBy
from huisheng.app.web.privacy.policy import LONGEST_DAYS, RULES

CONFIRMING = "删除"


class FindForm(forms.Form):
    """Which buyer: by nick, user number or order number."""

    shop = forms.ChoiceField(label="店铺")
    found_by = forms.ChoiceField(label="按什么找", choices=[(f.value, f.label) for f in FoundBy])
    value = forms.CharField(
        label="昵称、用户编号或订单号",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, shops: Mapping[str, str], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["shop"].choices = list(shops.items())  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """The word that says one means it."""

    confirmation = forms.CharField(
        label=f"删除后无法恢复。确定请输入「{CONFIRMING}」两个字",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_confirmation(self) -> str:
        """Only the very word will do."""
        given = str(self.cleaned_data["confirmation"])
        if given != CONFIRMING:
            raise ValidationError(f"请输入「{CONFIRMING}」")
        return given


class PolicyForm(forms.Form):
    """How many days each kind of data is kept."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: object = None, initial: Mapping[str, int] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))  # type: ignore[arg-type]
        for rule in RULES:
            self.fields[rule.id] = forms.IntegerField(
                label=rule.label,
                min_value=rule.least,
                max_value=LONGEST_DAYS,
                error_messages={
                    "min_value": f"最少 {rule.least} 天",
                    "max_value": f"最多 {LONGEST_DAYS} 天",
                },
            )

    @property
    def days(self) -> dict[str, int]:
        """Return the days of every rule of a valid form."""
        return {rule.id: int(self.cleaned_data[rule.id]) for rule in RULES}
