"""What the owner fills in about others."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import get_default_renderer

from huisheng.app.web.accounts.known import Places
from huisheng.app.web.accounts.models import ROLE_CHOICES, User
from huisheng.app.web.accounts.narrowing import Place, problems_of

AGENTS_LIST = "known-agents"
"""Id of the list of agents that a page offers while one types."""
MOST_PLACES = 50
BLANK_ROWS = 2
_FIELDS = ("shop_id", "role", "department", "agent_id", "carrier")


class PlaceForm(forms.Form):
    """One role in one shop or in all, and what it is narrowed to."""

    shop_id = forms.ChoiceField(label="店铺")
    role = forms.ChoiceField(label="角色", choices=ROLE_CHOICES)
    department = forms.ChoiceField(label="部门（责任部门、供应商必填）", required=False)
    agent_id = forms.CharField(
        label="客服账号（客服必填）",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": AGENTS_LIST, "autocomplete": "off"}),
    )
    carrier = forms.CharField(label="快递（供应商）", max_length=60, required=False)

    def __init__(self, *args: object, places: Places, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._places = places
        _choose(self, "shop_id", dict(places.shops))
        _choose(self, "department", {"": "—", **places.departments})

    @property
    def place(self) -> Place:
        """Return the place of a valid form."""
        return Place(*(str(self.cleaned_data[name]) for name in _FIELDS)).narrowed()

    def clean(self) -> dict[str, object]:
        """Ask for what the role is narrowed to."""
        found: dict[str, object] = super().clean() or {}
        place = Place(*(str(found.get(name, "")) for name in _FIELDS))
        for field, problem in problems_of(place, self._places).items():
            self.add_error(field, problem)
        return found


class PersonForm(PlaceForm):
    """A new person, with one role in one shop or in all."""

    field_order = ("username", "name")
    username = forms.CharField(label="登录名", max_length=150)
    name = forms.CharField(label="姓名", max_length=60)

    def clean_username(self) -> str:
        """A name is taken once."""
        username = str(self.cleaned_data["username"])
        if User.objects.filter(username=username).exists():
            raise ValidationError("这个登录名已经有人用了")
        return username


class NameForm(forms.Form):
    """A person's name, and which version of their record the page showed."""

    name = forms.CharField(label="姓名", max_length=60)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class RowForm(PlaceForm):
    """A place among others: an empty row is no place."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        _choose(self, "shop_id", {"": "—", **dict(self._places.shops)})
        _choose(self, "role", {"": "—", **dict(ROLE_CHOICES)})
        self.fields["department"].label = "部门"
        self.fields["agent_id"].label = "客服账号"
        self.fields["carrier"].label = "快递"


class RowsForm(forms.BaseFormSet):  # type: ignore[type-arg] # no generic at run time
    """A person's places, one per shop, with blank rows below for more."""

    form = RowForm
    extra = BLANK_ROWS
    can_order, can_delete, can_delete_extra = False, True, False
    min_num, max_num, absolute_max = 0, MOST_PLACES, MOST_PLACES + BLANK_ROWS
    validate_min, validate_max = False, True
    renderer = get_default_renderer()

    def clean(self) -> None:
        """A person has one role in a shop."""
        shops = [place.shop_id for place in self.places]
        if len(shops) > len(set(shops)):
            raise ValidationError("同一家店只能有一个角色，请合并重复的行")

    @property
    def places(self) -> list[Place]:
        """Return the places that are meant to stay."""
        return [
            form.place
            for form in self.forms
            if form.is_valid() and form.has_changed() and not form.cleaned_data.get("DELETE")
        ]


class FileForm(forms.Form):
    """A list of people."""

    file = forms.FileField(label="CSV 或 XLSX 文件", max_length=200)


def _choose(form: forms.Form, field: str, choices: dict[str, str]) -> None:
    form.fields[field].choices = list(choices.items())  # type: ignore[attr-defined]
