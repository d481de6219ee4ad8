"""Who works here: listed, added, changed, let go.

No password and no second factor passes through here: who could give somebody a password could
sign in as them, and would then hold more than the token. A person added by a program gets the
first password from a person, on the page.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, QueryDict
from django.utils.http import urlencode
from ninja import Path, Query, Router, Status
from pydantic import BeforeValidator

from huisheng.app.web.accounts import changing
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.bulk import judged_rows
from huisheng.app.web.accounts.bulk_rows import MOST_ROWS, people_in
from huisheng.app.web.accounts.editing import NewPerson
from huisheng.app.web.accounts.governing import governs_place, governs_wholly
from huisheng.app.web.accounts.known import EVERY_SHOP, Places, places_of
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.narrowing import Place
from huisheng.app.web.accounts.people import found_people
from huisheng.app.web.accounts.person_forms import RowsForm
from huisheng.app.web.accounts.roles import Right, Role
from huisheng.app.web.accounts.visits import visits_of
from huisheng.app.web.api.routes.asking import filled
from huisheng.app.web.api.schemas import people as shapes
from huisheng.app.web.api.schemas.parts import A_PAGE, LARGEST, Page, pages_of, whole
from huisheng.errors import BadInputError, NotAllowedError

router = Router(tags=["人员"])
UserId = Annotated[int, Path(ge=1, le=LARGEST), BeforeValidator(whole)]
TAKEN = "username：这个登录名已经有人用了。请换一个，或改那个人"
STATES = {"": "", "true": "1", "false": "0"}


@router.get("", response=Page[shapes.Colleague], summary="人员和角色")
def people(request: Request, asked: Query[shapes.PeopleAsked]) -> dict[str, object]:
    """List the people one governs with their roles."""
    request.access.need(Right.MANAGE_PEOPLE)
    found = found_people(request.access, asked.q.strip(), asked.role, STATES[asked.active])
    first, total = (asked.page - 1) * A_PAGE, found.count()
    rows = [_shown(request.access, person) for person in found[first : first + A_PAGE]]
    return {"rows": rows, "page": asked.page, "pages": pages_of(total), "total": total}


@router.get("/places", response=shapes.PlacesOffered, summary="可以给人的店铺、角色和部门")
def places(request: Request) -> dict[str, object]:
    """List what people can be given."""
    request.access.need(Right.MANAGE_PEOPLE)
    found = places_of(request.access)
    return {
        "shops": [{"id": id_, "name": name} for id_, name in found.shops.items()],
        "roles": [{"id": role.value, "name": role.label} for role in Role],
        "departments": [{"id": id_, "name": name} for id_, name in found.departments.items()],
        "agents": [
            {"shop_id": shop_id, "agent_id": agent_id, "name": name}
            for shop_id, agents in found.agents.items()
            for agent_id, name in agents.items()
        ],
    }


@router.post("", response={201: shapes.Colleague}, summary="添加一个人；第一个密码到网页上给")
def add(request: Request, given: shapes.PersonGiven) -> Status[dict[str, object]]:
    """Add a person, who cannot sign in before somebody gives them a password on the page."""
    request.access.need(Right.MANAGE_PEOPLE)
    places = _placed(places_of(request.access), given.places)
    if User.objects.filter(username=given.username).exists():
        raise NotAllowedError(TAKEN)
    try:
        new = NewPerson(given.username, given.name, tuple(places))
        person, _ = changing.add_person(request, new)
    except IntegrityError as error:
        raise NotAllowedError(TAKEN) from error
    return Status(201, _shown(request.access, person))


@router.post("/import", response=shapes.ListJudged, summary="成批添加，全部成功或一个也不加")
def add_list(request: Request, given: shapes.PeopleGiven) -> dict[str, object]:
    """Judge a list of people, and add them where it is no preview."""
    request.access.need(Right.MANAGE_PEOPLE)
    cells = [_cells(person, place) for person in given.people for place in person.places]
    if len(cells) > MOST_ROWS:
        raise BadInputError("people", f"有 {len(cells)} 行", f"一次最多 {MOST_ROWS} 行，请分几次")
    rows = judged_rows(request.access, cells)
    told = [
        {
            "username": row.cells["登录名"],
            "shop_id": cell["店铺"].replace(EVERY_SHOP, Membership.ALL_SHOPS),
            "problems": list(row.problems),
        }
        for row, cell in zip(rows, cells, strict=True)
    ]
    if given.preview:
        return {"rows": told, "added": []}
    _check_shops(places_of(request.access), given)
    for row in rows:
        for wrong in row.problems:
            raise BadInputError(
                f"people「{row.cells['登录名']}」", wrong, "一个人也没有添加，请改正"
            )
    try:
        made = changing.add_list(request, people_in(rows))
    except IntegrityError as error:
        raise NotAllowedError(TAKEN) from error
    return {"rows": told, "added": [person for person, _ in made]}


@router.get("/{user_id}", response=shapes.ColleagueShown, summary="一个人的角色与登录")
def person(request: Request, user_id: UserId) -> dict[str, object]:
    """Show one person."""
    return _whole(request.access, changing.governed(request, user_id))


@router.put("/{user_id}", response=shapes.ColleagueShown, summary="改姓名和角色")
def change(request: Request, user_id: UserId, given: shapes.PersonChanged) -> dict[str, object]:
    """Change name and places; nobody changes their own places."""
    found = changing.governed(request, user_id)
    if found == request.user and given.places is not None:
        raise PermissionDenied
    wanted = None
    if given.places is not None:
        wanted = _placed(places_of(request.access), given.places)
    name = found.name if given.name is None else given.name
    changing.keep_person(request, found, seen=given.version, name=name, places=wanted)
    return _whole(request.access, User.objects.get(pk=user_id))


@router.post("/{user_id}/active", response=shapes.ColleagueShown, summary="停用或重新启用一个人")
def let_in(request: Request, user_id: UserId, given: shapes.LetIn) -> dict[str, object]:
    """Let a person go or in again."""
    found = changing.wholly_governed(request, user_id)
    changing.let_in(request, found, active=given.active)
    return _whole(request.access, User.objects.get(pk=user_id))


@router.post("/{user_id}/sign-out", response=shapes.SessionsEnded, summary="结束一个人的全部登录")
def sign_out(request: Request, user_id: UserId) -> dict[str, int]:
    """End all sessions of a person."""
    return {"ended": changing.sign_out(request, changing.wholly_governed(request, user_id))}


def _placed(known: Places, given: Sequence[shapes.PlaceGiven]) -> list[Place]:
    """Return places as the page's form takes them.

    Raises:
        Http404: one is in a shop that the asker does not govern.
        BadInputError: the form would not take them.
    """
    if any(place.shop_id not in known.shops for place in given):
        raise Http404
    pairs: dict[str, str | int] = {"p-TOTAL_FORMS": len(given), "p-INITIAL_FORMS": 0}
    for number, place in enumerate(given):
        for name, value in place.model_dump().items():
            pairs[f"p-{number}-{name}"] = str(value)
    rows = RowsForm(QueryDict(urlencode(pairs)), prefix="p", form_kwargs={"places": known})
    if not rows.is_valid():
        for form in rows.forms:
            filled(form)
        raise BadInputError("places", str(rows.non_form_errors()[0]).rstrip("。"), "请改正后重发")
    return rows.places


def _check_shops(known: Places, given: shapes.PeopleGiven) -> None:
    """Say nothing of shops that the asker does not govern."""
    if any(place.shop_id not in known.shops for one in given.people for place in one.places):
        raise Http404


def _cells(person: shapes.PersonGiven, place: shapes.PlaceGiven) -> dict[str, str]:
    """Return a place of a person as a row of the page's list."""
    said = place.model_dump()
    every = said["shop_id"] == Membership.ALL_SHOPS
    return {
        "登录名": person.username,
        "姓名": person.name,
        "店铺": EVERY_SHOP if every else said["shop_id"],
        "角色": said["role"],
        "部门": said.get("department", ""),
        "客服账号": said.get("agent_id", ""),
        "快递": said.get("carrier", ""),
    }


def _shown(access: Access, person: User) -> dict[str, object]:
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "is_active": person.is_active,
        "second_factor": bool(person.second_factor),
        "memberships": [
            member for member in person.memberships.all() if governs_place(access, member.shop_id)
        ],
        "version": person.version,
    }


def _whole(access: Access, person: User) -> dict[str, object]:
    wholly = governs_wholly(access, person)
    visits = visits_of(person) if wholly else []
    sessions = [
        {name: value for name, value in asdict(visit).items() if name != "key"} for visit in visits
    ]
    return _shown(access, person) | {"governed": wholly, "sessions": sessions}
