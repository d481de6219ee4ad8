"""Change a person's record: nothing of another editor's is overwritten, an owner always stays."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction
from django.db.models import F, QuerySet

from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.narrowing import Place, place_of
from huisheng.app.web.accounts.roles import Role
from huisheng.app.web.accounts.visits import close_tokens

# Stretching protects passwords that people choose. A first password has 72 random bits, and the
# ordinary number of rounds would make a list of two hundred people take minutes.
_FIRST_ROUNDS = 20_000


class OvertakenError(Exception):
    """Somebody else changed the person after the page was shown."""


class LastOwnerError(Exception):
    """Nobody would be left who owns all shops."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added."""

    username: str
    name: str
    places: tuple[Place, ...]


def add_people(people: Iterable[NewPerson]) -> list[tuple[User, str]]:
    """Add people, all or none; return each with a first password, which nobody keeps.

    Raises:
        IntegrityError: a login name was taken meanwhile.
    """
    made = []
    with transaction.atomic():
        for new in people:
            user = User(username=new.username, name=new.name)
            first = _give_first_password(user)
            user.save()
            Membership.objects.bulk_create(_membership(user, place) for place in new.places)
            made.append((user, first))
    return made


def change_person(
    person: User,
    *,
    seen_version: int,
    name: str,
    places: Iterable[Place] | None,
    governs: Callable[[str], bool],
) -> None:
    """Give a person a name and places; `None` leaves the places, as do shops not governed.

    Raises:
        OvertakenError: the page showed an older version; nothing is changed.
        LastOwnerError: nobody would own all shops any more; nothing is changed.
    """
    with transaction.atomic():
        _hold_owners()
        seen = User.objects.filter(pk=person.pk, version=seen_version)
        if not seen.update(name=name, version=seen_version + 1):
            raise OvertakenError
        if places is not None:
            _replace(person, {place.shop_id: place.narrowed() for place in places}, governs)
            if not person.memberships.exists():
                close_tokens(person)
        _check_owner_left()


def set_active(person: User, active: bool) -> None:
    """Let a person go or in again.

    Raises:
        LastOwnerError: nobody would own all shops any more; nothing is changed.
    """
    with transaction.atomic():
        _hold_owners()
        User.objects.filter(pk=person.pk).update(is_active=active, version=F("version") + 1)
        _check_owner_left()
        if not active:
            close_tokens(person)


def reset_password(person: User) -> str:
    """Give a person a first password again, which ends their sessions and tokens; return it."""
    first = _give_first_password(person)
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(
            password=person.password, must_change_password=True, version=F("version") + 1
        )
        close_tokens(person)
    return first


def change_password(person: User, password: str) -> None:
    """Give a person the password they chose, which ends their other sessions and their tokens."""
    person.set_password(password)
    person.must_change_password = False
    with transaction.atomic():
        person.save(update_fields=["password", "must_change_password"])
        close_tokens(person)


def _give_first_password(user: User) -> str:
    first = secrets.token_urlsafe(9)
    hasher = PBKDF2PasswordHasher()
    user.password = hasher.encode(first, hasher.salt(), iterations=_FIRST_ROUNDS)
    user.must_change_password = True
    return first


def _replace(person: User, wanted: dict[str, Place], governs: Callable[[str], bool]) -> None:
    for member in person.memberships.all():
        if not governs(member.shop_id):
            continue
        place = wanted.pop(member.shop_id, None)
        if place is None:
            member.delete()
        elif place != place_of(member):
            Membership.objects.filter(pk=member.pk).update(**_fields(place))
    Membership.objects.bulk_create(
        _membership(person, place) for place in wanted.values() if governs(place.shop_id)
    )


def _membership(user: User, place: Place) -> Membership:
    return Membership(user=user, **_fields(place.narrowed()))


def _fields(place: Place) -> dict[str, str]:
    return {
        "shop_id": place.shop_id,
        "role": place.role,
        "department": place.department,
        "agent_id": place.agent_id,
        "carrier": place.carrier,
    }


def _owners() -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__shop_id=Membership.ALL_SHOPS,
        memberships__role=Role.OWNER,
    )


def _hold_owners() -> None:
    """Make two changes that could each leave the other's owner wait for one another."""
    list(_owners().select_for_update())


def _check_owner_left() -> None:
    if not _owners().exists():
        raise LastOwnerError
