"""What a person fills in about campaigns, hours, people and departments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from huisheng.app.web.settings.campaigns import Draft
from huisheng.app.web.settings.models import PHASES, ROLES
from huisheng.app.web.settings.promotions import Phase, Stretch

STACK_MODES = (
    ("", "不清楚"),
    ("sequential", "逐层（先减后判门槛）"),
    ("parallel", "平行（同一基数判门槛）"),
)
CLOCK = "%Y-%m-%dT%H:%M"
CLOCKS = [CLOCK, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
MOST_WINDOWS, BLANK_WINDOWS = 12, 2


class CampaignForm(forms.Form):
    """A campaign without its stretches."""

    campaign_id = forms.RegexField(
        r"^[\w.-]{1,64}$",
        label="编号",
        help_text="与订单导出里的活动编号一致时，指标才能按活动拆分",
        error_messages={"invalid": "编号只能含文字、数字、点、横线和下划线，最长 64 个字"},
    )
    name = forms.CharField(label="名称", max_length=60)
    stack_mode = forms.ChoiceField(label="优惠叠加", choices=STACK_MODES, required=False)
    price_protect_days = forms.IntegerField(
        label="价保天数", min_value=0, max_value=365, required=False
    )
    source = forms.CharField(label="日期的依据", max_length=200, required=False)
    assumed = forms.BooleanField(label="日期是估计的，还没有按平台公告核对", required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WindowForm(forms.Form):
    """One stretch; a line without start and end is no stretch."""

    phase = forms.ChoiceField(choices=PHASES, required=False)
    start = forms.DateTimeField(required=False, input_formats=CLOCKS)
    end = forms.DateTimeField(required=False, input_formats=CLOCKS)

    def clean(self) -> dict[str, Any]:
        """A stretch has both ends, in order."""
        found = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if self.errors:
            return found
        if (start is None) != (end is None):
            raise forms.ValidationError("开始和结束要一起填")
        if start is not None and end is not None and end <= start:
            raise forms.ValidationError("结束要晚于开始")
        return found

    @property
    def stretch(self) -> Stretch | None:
        """Return the stretch, None for an empty line."""
        given = self.cleaned_data
        if given.get("start") is None:
            return None
        return Stretch(given["start"], given["end"], Phase(given.get("phase") or Phase.LIVE))


_WindowSet = forms.formset_factory(
    WindowForm, extra=BLANK_WINDOWS, max_num=MOST_WINDOWS, absolute_max=MOST_WINDOWS
)


class CampaignForms:
    """A campaign's form and those of its stretches, valid or wrong together."""

    def __init__(self, draft: Draft | None, seen: int, data: QueryDict | None = None) -> None:
        windows = draft.windows if draft else ()
        self.about = CampaignForm(data, initial=_initial(draft, seen))
        self.windows = _WindowSet(data, initial=[_window(one) for one in windows], prefix="w")
        self.problem = ""

    def is_valid(self) -> bool:
        """Check both, and that there is a stretch at all."""
        if not (self.about.is_valid() & self.windows.is_valid()):
            return False
        if not self._stretches():
            self.problem = "至少要有一段时间"
        return not self.problem

    @property
    def seen(self) -> int:
        """Return the version that the page showed."""
        return int(self.about.cleaned_data["version"])

    @property
    def draft(self) -> Draft:
        """Return the campaign that was filled in."""
        given = self.about.cleaned_data
        return Draft(
            given["campaign_id"],
            given["name"],
            tuple(self._stretches()),
            given["source"],
            given["assumed"],
            (),
            given["stack_mode"],
            given["price_protect_days"],
        )

    def _stretches(self) -> Sequence[Stretch]:
        found = [form.stretch for form in self.windows.forms]
        return sorted(one for one in found if one is not None)


def _initial(draft: Draft | None, seen: int) -> dict[str, object]:
    if draft is None:
        return {"version": seen}
    return {
        "version": seen,
        "campaign_id": draft.id,
        "name": draft.name,
        "stack_mode": draft.stack_mode,
        "price_protect_days": draft.price_protect_days,
        "source": draft.source,
        "assumed": draft.assumed,
    }


def _window(one: Stretch) -> dict[str, object]:
    return {"phase": one.phase.value, "start": _clock(one.start), "end": _clock(one.end)}


def _clock(at: datetime) -> str:
    from django.utils import timezone

    return timezone.localtime(at).strftime(CLOCK)


class AgentForm(forms.Form):
    """One account that answers buyers."""

    agent_id = forms.CharField(label="客服编号（导出文件里的写法）", max_length=120)
    display_name = forms.CharField(label="花名", max_length=60, required=False)
    account = forms.CharField(label="子账号", max_length=120, required=False)
    role = forms.ChoiceField(label="角色", choices=ROLES)
    group_name = forms.CharField(label="客服组", max_length=60, required=False)
    joined_at = forms.DateField(
        label="入职日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    active = forms.BooleanField(label="在职", required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
