"""What is written down of a platform's score."""

from collections.abc import Iterable

from django import forms
from django.utils import timezone

from huisheng.app.analysis import SCORE_LABELS


class ReadingForm(forms.Form):
    """One score of one shop on one day."""

    shop = forms.ChoiceField(label="店铺")
    score_id = forms.ChoiceField(label="哪个分", choices=list(SCORE_LABELS.items()))
    taken_on = forms.DateField(
        label="读数日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    score = forms.FloatField(label="读数", min_value=0, max_value=1000)
    target = forms.FloatField(label="目标（可不填）", min_value=0, max_value=1000, required=False)

    def __init__(self, shops: Iterable[tuple[str, str]], *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.fields["shop"].choices = list(shops)  # type: ignore[attr-defined]

    def clean_taken_on(self) -> object:
        """Refuse a day that has not come."""
        day = self.cleaned_data["taken_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("这一天还没到")
        return day
