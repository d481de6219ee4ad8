"""What is asked when somebody takes a table along, or lets somebody."""

from django import forms

from huisheng.app.web.exports.sources import SOURCES
from huisheng.app.web.exports.writing import FORMATS


class AskForm(forms.Form):
    """Which table, as what file, and why."""

    source = forms.ChoiceField(choices=[(name, name) for name in SOURCES])
    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS])
    query = forms.CharField(max_length=2000, required=False)
    reason = forms.CharField(max_length=300, required=False)


class AnswerForm(forms.Form):
    """Yes or no, and why."""

    allow = forms.ChoiceField(choices=[("1", "批准"), ("0", "不批准")])
    answer = forms.CharField(max_length=300, required=False)
