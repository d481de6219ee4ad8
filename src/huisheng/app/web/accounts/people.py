"""The people of the shop: listed, added, let go and let in again."""

import secrets

from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huisheng.app.web import library
from huisheng.app.web.accounts.forms import PersonForm
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Right, Role
from huisheng.app.web.audit.models import Act, note


@require_GET
def listing(request: Request) -> HttpResponseBase:
    """Show everybody with their roles."""
    request.access.need(Right.MANAGE_PEOPLE)
    people = User.objects.prefetch_related("memberships")
    context = {"people": people, "roles": {role.value: role.label for role in Role}}
    return render(request, "accounts/people.html.j2", context | _names())


@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponseBase:
    """Add a person with a first password, shown once, to be changed at the first sign-in."""
    request.access.need(Right.MANAGE_PEOPLE)
    names = _names()
    form = PersonForm(names["shops"], names["departments"], request.POST or None)
    if request.method == "POST" and form.is_valid():
        first = secrets.token_urlsafe(9)
        person = _make(form.cleaned_data, first)
        note(request, Act.CHANGED, f"添加人员 {person.username}，{form.cleaned_data['role']}")
        made = {"person": person, "first": first}
        return render(request, "accounts/person_made.html.j2", made)
    return render(request, "accounts/person_new.html.j2", {"form": form})


def _make(given: dict[str, str], password: str) -> User:
    with transaction.atomic():
        person = User.objects.create(given["username"], given["name"], password)
        person.must_change_password = True
        person.save()
        fields = ("shop_id", "role", "department", "agent_id", "carrier")
        Membership.objects.create(user=person, **{name: given[name] for name in fields})
    return person


@require_POST
def set_active(request: Request, user_id: int) -> HttpResponseBase:
    """Let a person go or in again; nobody locks themselves out."""
    request.access.need(Right.MANAGE_PEOPLE)
    person = get_object_or_404(User, pk=user_id)
    if person != request.user:
        person.is_active = request.POST.get("active") == "1"
        person.save()
        note(request, Act.CHANGED, f"{'启用' if person.is_active else '停用'} {person.username}")
    return redirect("people")


def _names() -> dict[str, dict[str, str]]:
    names = library.names()
    return {"shops": names["shops"], "departments": names["departments"]}
