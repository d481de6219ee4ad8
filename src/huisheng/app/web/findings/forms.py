"""What a person decides about a finding."""

from django import forms
from django.db.models import QuerySet

from huisheng.app.web.accounts.models import User
from huisheng.app.web.findings.models import State


class DecisionForm(forms.Form):
    """Take a finding on, dispute it with a reason, or say that it is mended."""

    state = forms.ChoiceField(choices=[(s.value, s.label) for s in State if s is not State.NEW])
    assignee = forms.ModelChoiceField(User.objects.none(), required=False)
    reason = forms.CharField(max_length=500, required=False)
    version = forms.IntegerField(min_value=0)

    def __init__(self, people: QuerySet[User], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """A dispute needs a reason."""
        found: dict[str, object] = super().clean() or {}
        if found.get("state") == State.DISPUTED and not found.get("reason"):
            self.add_error("reason", "请写明为什么有异议")
        return found
