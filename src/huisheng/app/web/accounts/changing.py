"""What somebody changes of the people they govern: kept, and written into the audit.

Pages and programs alike come through here. A first password is shown on a page and nowhere else.
"""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404

from huisheng.app.web import library
from huisheng.app.web.accounts.editing import NewPerson, add_people, change_person, set_active
from huisheng.app.web.accounts.governing import governed_people, governs_place, governs_wholly
from huisheng.app.web.accounts.known import EVERY_SHOP
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.narrowing import Place, place_of
from huisheng.app.web.accounts.roles import Right, Role
from huisheng.app.web.accounts.visits import end_visits
from huisheng.app.web.audit.models import Act, note

MOST_TOLD = 5


def governed(request: Request, user_id: int) -> User:
    """Return a person who has a place in one of the asker's shops.

    Raises:
        PermissionDenied: the asker governs nobody.
        Http404: there is no such person.
    """
    request.access.need(Right.MANAGE_PEOPLE)
    person = governed_people(request.access).filter(pk=user_id).first()
    if person is None:
        raise Http404
    return person


def wholly_governed(request: Request, user_id: int) -> User:
    """Return a person all of whose places are in the asker's shops.

    Raises:
        PermissionDenied: the asker governs nobody.
        Http404: there is no such person.
    """
    person = governed(request, user_id)
    if not governs_wholly(request.access, person):
        raise Http404
    return person


def may_rename(request: Request, person: User) -> bool:
    """Return whether the asker may give a person another name."""
    return person == request.user or governs_wholly(request.access, person)


def add_person(request: Request, new: NewPerson) -> tuple[User, str]:
    """Add a person; return them with a first password.

    Raises:
        IntegrityError: the login name was taken meanwhile.
    """
    ((person, first),) = add_people([new])
    roles = _places_told(new.places)
    shop_id = new.places[0].shop_id if len(new.places) == 1 else ""
    about = f"添加人员 {_named(person)}，{roles}"
    note(request, Act.CHANGED, about, "" if shop_id == Membership.ALL_SHOPS else shop_id)
    return person, first


def add_list(request: Request, people: Sequence[NewPerson]) -> list[tuple[User, str]]:
    """Add everybody of a list or nobody; return each with a first password.

    Raises:
        IntegrityError: a login name was taken meanwhile.
    """
    made = add_people(people)
    note(request, Act.CHANGED, f"成批添加 {len(made)} 人：{'、'.join(u.name for u, _ in made)}")
    return made


def keep_person(
    request: Request, person: User, *, seen: int, name: str, places: Sequence[Place] | None
) -> None:
    """Give a person a name and places; `None` leaves the places.

    Raises:
        PermissionDenied: it is another name, or one's own places, and neither may be changed.
        OvertakenError: another change came first; nothing is changed.
        LastOwnerError: nobody would own all shops any more; nothing is changed.
    """
    own = person == request.user
    if (name != person.name and not may_rename(request, person)) or (own and places is not None):
        raise PermissionDenied
    before = _told(person)
    change_person(
        person,
        seen_version=seen,
        name=name,
        places=places,
        governs=lambda shop_id: governs_place(request.access, shop_id),
    )
    after = _told(User.objects.get(pk=person.pk))
    note(request, Act.CHANGED, f"修改人员 {_named(person)}：{before} → {after}")


def let_in(request: Request, person: User, *, active: bool) -> None:
    """Let a person in again, or go, which ends their sessions.

    Raises:
        LastOwnerError: nobody would own all shops any more; nothing is changed.
    """
    set_active(person, active)
    if not active:
        end_visits(person)
    note(request, Act.CHANGED, f"{'启用' if active else '停用'} {_named(person)}")


def sign_out(request: Request, person: User) -> int:
    """End all sessions of a person; return how many."""
    ended = end_visits(person)
    note(request, Act.CHANGED, f"结束 {_named(person)} 的 {ended} 处登录")
    return ended


def _told(person: User) -> str:
    """Return a person's places for the audit, shortly."""
    places = _places_told([place_of(member) for member in person.memberships.all()])
    return f"{person.name}（{places or '没有角色'}）"


def _places_told(places: Sequence[Place]) -> str:
    shops = {**library.names()["shops"], Membership.ALL_SHOPS: EVERY_SHOP}
    return "、".join(
        f"{shops.get(place.shop_id, place.shop_id)}{Role(place.role).label}"
        for place in places[:MOST_TOLD]
    )


def _named(person: User) -> str:
    return f"{person.name}（{person.username}）"
