"""What people ask of buyers' words, and what they say of a label."""

from collections.abc import Iterable, Sequence

from django import forms
from django.http import QueryDict

from huisheng.app.web.voices.lines import TABLES
from huisheng.app.web.voices.tags import HEADS, POLARITIES, SHOWN, SINGLE, Tag, made, names_of

MOST_LABELS = 12
"""Labels of one head that a line can have."""
MOST_EDITIONS = 10_000
LAST_PAGE = 2_000


class PeriodForm(forms.Form):
    """Shop, days and product; whatever is missing or wrong falls back to the usual."""

    shop = forms.CharField(required=False, max_length=120)
    product = forms.CharField(label="商品", required=False, max_length=100)
    start = forms.DateField(label="从", required=False)
    end = forms.DateField(label="到", required=False)
    edition = forms.IntegerField(
        label="关注点的版次", required=False, min_value=0, max_value=MOST_EDITIONS
    )

    def clean(self) -> dict[str, object]:
        """Refuse days the wrong way round."""
        found: dict[str, object] = super().clean() or {}
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and start > end:
            self.add_error("end", "结束日期早于开始日期")
        return found


class AskForm(PeriodForm):
    """A search over words."""

    q = forms.CharField(label="原话里有", required=False, max_length=100)
    label = forms.CharField(label="标签", required=False, max_length=60)
    mood = forms.ChoiceField(
        required=False, choices=[("", "不限"), ("negative", "负面"), ("positive", "正面")]
    )
    agent = forms.CharField(label="客服", required=False, max_length=100)
    table = forms.ChoiceField(required=False, choices=[("", "不限"), *TABLES.items()])
    who = forms.ChoiceField(
        required=False, choices=[("buyer", "买家"), ("agent", "客服和机器人"), ("all", "不限")]
    )
    undated = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)

    def clean_label(self) -> str:
        """Accept `head:label` of the taxonomy, or a head alone."""
        given: str = self.cleaned_data["label"]
        head, _, label = given.partition(":")
        if given and (head not in SHOWN or (label and label not in names_of(head))):
            raise forms.ValidationError("没有这个标签")
        return given


class JudgementForm(forms.Form):
    """What holds of one head of a line: a list of labels, and for aspects of polarities."""

    head = forms.ChoiceField(choices=list(HEADS.items()))
    seen = forms.IntegerField(min_value=0)

    def __init__(self, posted: QueryDict) -> None:
        super().__init__(posted)
        self._labels: Sequence[str] = posted.getlist("label")
        self._values: Sequence[str] = posted.getlist("value")
        self.tags: frozenset[Tag] = frozenset()

    def clean(self) -> dict[str, object]:
        """Read the labels."""
        found: dict[str, object] = super().clean() or {}
        head = self.cleaned_data.get("head", "")
        chosen = [(label, value) for label, value in self._pairs(head) if label]
        known = names_of(head)
        labels = [label for label, _ in chosen]
        if any(label not in known for label in labels) or len(labels) > MOST_LABELS:
            raise forms.ValidationError("没有这个标签，请重新选择")
        if len(set(labels)) < len(labels):
            raise forms.ValidationError("同一个标签选了两次，请去掉一个")
        if head in SINGLE and len(labels) != 1:
            raise forms.ValidationError(f"{HEADS[head]}必须正好选一个")
        self.tags = frozenset(made(head, label, _polarity(value)) for label, value in chosen)
        return found

    def _pairs(self, head: str) -> Iterable[tuple[str, str]]:
        values = self._values if head == "aspect" else [""] * len(self._labels)
        return zip(self._labels, values, strict=False)


def _polarity(value: str) -> int:
    return next((polarity for polarity in POLARITIES if str(polarity) == value), 0)
