"""One person: their places, first password, sessions and second factor."""

from dataclasses import asdict

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from huisheng.app.web.accounts import changing, factor
from huisheng.app.web.accounts.editing import (
    LastOwnerError,
    OvertakenError,
    reset_password,
)
from huisheng.app.web.accounts.governing import governs_wholly
from huisheng.app.web.accounts.known import Places, places_of
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import User
from huisheng.app.web.accounts.narrowing import place_of
from huisheng.app.web.accounts.people import names_of
from huisheng.app.web.accounts.person_forms import NameForm, RowsForm
from huisheng.app.web.accounts.visits import end_visits, visits_of, working_tokens
from huisheng.app.web.audit.models import Act, note

OVERTAKEN = "别人刚刚改过这个人，没有覆盖。下面是最新的内容，请看过再改。"
LAST_OWNER = "这样就没有人能管理所有店铺了，没有改动。请先让另一个人成为所有店铺的店主。"


@require_http_methods(["GET", "POST"])
def edit(request: Request, user_id: int) -> HttpResponseBase:
    """Show a person, and change name and places."""
    person = changing.governed(request, user_id)
    places = places_of(request.access)
    if request.method == "GET":
        return _page(request, person, places, *_unchanged(request, person, places))
    name, rows = NameForm(request.POST), _rows(request, person, places, request.POST)
    if not (name.is_valid() and (rows is None or rows.is_valid())):
        return _page(request, person, places, name, rows)
    given = name.cleaned_data
    try:
        changing.keep_person(
            request,
            person,
            seen=given["version"],
            name=given["name"] if changing.may_rename(request, person) else person.name,
            places=None if rows is None else rows.places,
        )
    except (OvertakenError, LastOwnerError) as exc:
        fresh = changing.governed(request, user_id)
        problem = OVERTAKEN if isinstance(exc, OvertakenError) else LAST_OWNER
        return _page(request, fresh, places, *_unchanged(request, fresh, places), problem=problem)
    return redirect("people")


@require_POST
def activate(request: Request, user_id: int) -> HttpResponseBase:
    """Let a person go or in again; nobody locks themselves out."""
    person = changing.wholly_governed(request, user_id)
    try:
        changing.let_in(request, person, active=request.POST.get("active") == "1")
    except LastOwnerError:
        places = places_of(request.access)
        shown = _unchanged(request, person, places)
        return _page(request, person, places, *shown, problem=LAST_OWNER)
    return redirect("person", user_id)


@require_POST
def reset(request: Request, user_id: int) -> HttpResponseBase:
    """Give a person a first password again, shown once; their sessions end with the old one."""
    person = changing.wholly_governed(request, user_id)
    first = reset_password(person)
    end_visits(person)
    note(request, Act.CHANGED, f"重设 {person.name}（{person.username}）的密码")
    made = {"person": person, "first": first, "again": True}
    return render(request, "accounts/person_made.html.j2", made)


@require_POST
def sign_out_everywhere(request: Request, user_id: int) -> HttpResponseBase:
    """End all sessions of a person."""
    person = changing.wholly_governed(request, user_id)
    changing.sign_out(request, person)
    return redirect("person", user_id)


@require_POST
def reset_factor(request: Request, user_id: int) -> HttpResponseBase:
    """Switch off the second factor of who lost the telephone."""
    person = changing.wholly_governed(request, user_id)
    factor.switch_off(person)
    note(request, Act.CHANGED, f"关闭 {person.name}（{person.username}）的两步验证")
    return redirect("person", user_id)


def _rows(request: Request, person: User, places: Places, data: object = None) -> RowsForm | None:
    """Return the form of the places one may give and take; nobody changes their own rights."""
    if person == request.user:
        return None
    more: dict[str, object] = {"prefix": "p", "form_kwargs": {"places": places}}
    if data is not None:
        return RowsForm(data, **more)  # type: ignore[arg-type]
    own = [member for member in person.memberships.all() if member.shop_id in places.shops]
    return RowsForm(initial=[asdict(place_of(member)) for member in own], **more)  # type: ignore[arg-type]


def _unchanged(request: Request, person: User, places: Places) -> tuple[NameForm, RowsForm | None]:
    name = NameForm(initial={"name": person.name, "version": person.version})
    return name, _rows(request, person, places)


def _page(
    request: Request,
    person: User,
    places: Places,
    name: NameForm,
    rows: object,
    *,
    problem: str = "",
) -> HttpResponseBase:
    elsewhere = [
        member for member in person.memberships.all() if member.shop_id not in places.shops
    ]
    context = {
        "person": person,
        "name": name,
        "rows": rows,
        "own": person == request.user,
        "elsewhere": bool(elsewhere),
        "members": person.memberships.all(),
        "wholly": governs_wholly(request.access, person),
        "may_rename": changing.may_rename(request, person),
        "visits": visits_of(person) if governs_wholly(request.access, person) else [],
        "tokens": working_tokens(person),
        "agents": places.all_agents,
        "problem": problem,
    }
    return render(request, "accounts/person.html.j2", context | names_of(request, places))
