"""The people of the shop: listed, found, added."""

from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.changing import add_person
from huisheng.app.web.accounts.editing import NewPerson
from huisheng.app.web.accounts.governing import governed_people, governed_places
from huisheng.app.web.accounts.known import EVERY_SHOP, Places, places_of
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.person_forms import PersonForm
from huisheng.app.web.accounts.roles import Right, Role

PAGE = 50
TAKEN = "这个登录名刚刚被别人用了"


@require_GET
def listing(request: Request) -> HttpResponseBase:
    """Show the people one governs, with their roles."""
    request.access.need(Right.MANAGE_PEOPLE)
    words, role = request.GET.get("q", "").strip()[:60], request.GET.get("role", "")
    state = request.GET.get("state", "")
    people = found_people(request.access, words, role, state)
    context = {
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        "all_roles": list(Role),
        "words": words,
        "role": role,
        "state": state,
        "filtered": bool(words or role or state),
    }
    return render(request, "accounts/people.html.j2", context | names_of(request))


def found_people(access: Access, words: str, role: str, state: str) -> QuerySet[User]:
    """Return the governed people who fit; what they are in shops of others tells nothing."""
    people, places = governed_people(access), governed_places(access)
    if role:
        places = places.filter(role=role)
        people = people.filter(pk__in=places.values("user"))
    if words:
        as_agent = Q(pk__in=places.filter(agent_id__icontains=words).values("user"))
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words) | as_agent)
    if state in ("0", "1"):
        people = people.filter(is_active=state == "1")
    return people.order_by("-is_active", "username")


@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponseBase:
    """Add a person with a first password, shown once, to be changed at the first sign-in."""
    request.access.need(Right.MANAGE_PEOPLE)
    places = places_of(request.access)
    form = PersonForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new = NewPerson(given["username"], given["name"], (form.place,))
            person, first = add_person(request, new)
        except IntegrityError:
            form.add_error("username", TAKEN)
        else:
            made = {"person": person, "first": first, "again": False}
            return render(request, "accounts/person_made.html.j2", made)
    context = {"form": form, "agents": places.all_agents}
    return render(request, "accounts/person_new.html.j2", context)


def names_of(request: Request, places: Places | None = None) -> dict[str, object]:
    """Return the names that pages write places with."""
    found = places or places_of(request.access)
    return {
        "shops": {Membership.ALL_SHOPS: EVERY_SHOP, **found.shops},
        "departments": found.departments,
        "roles": {role.value: role.label for role in Role},
        "governs": [*found.shops],
    }
