"""Which days are asked about."""

from collections.abc import Iterable
from datetime import date

from django import forms

MOST_DAYS = 400


class DaysForm(forms.Form):
    """A stretch of days, and another to compare it with; empty means the usual ones."""

    start = forms.DateField(required=False)
    end = forms.DateField(required=False)
    vs_start = forms.DateField(required=False)
    vs_end = forms.DateField(required=False)

    def clean(self) -> dict[str, object]:
        """Both ends or none, in order, and not endless."""
        found: dict[str, object] = super().clean() or {}
        for first, last, name in (("start", "end", "日期"), ("vs_start", "vs_end", "对比日期")):
            problem = _problem(found.get(first), found.get(last))
            if problem and not (first in self.errors or last in self.errors):
                self.add_error(first, f"{name}{problem}")
        return found

    def problems(self) -> Iterable[str]:
        """Return what is wrong, in sentences."""
        return dict.fromkeys(str(error) for errors in self.errors.values() for error in errors)

    def stretch(self, first: str, last: str) -> tuple[date, date] | None:
        """Return one stretch as asked for, None where it was left empty."""
        start, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        return (start, end) if start and end else None


def _problem(start: object, end: object) -> str:
    if (start is None) != (end is None):
        return "要有起有止：两个都填，或都不填"
    if not isinstance(start, date) or not isinstance(end, date):
        return ""
    if end < start:
        return "的结束早于开始，请对调"
    if (end - start).days >= MOST_DAYS:
        return f"最多看 {MOST_DAYS} 天，请缩短"
    return ""
