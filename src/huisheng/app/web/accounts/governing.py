"""Whom somebody may govern: an owner of one shop rules over that shop's people and no others."""

from django.db.models import QuerySet

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Right


def governed_people(access: Access) -> QuerySet[User]:
    """Return the people that somebody sees in «人员»: who has a place in one of their shops."""
    people = User.objects.prefetch_related("memberships")
    if _everywhere(access):
        return people
    return people.filter(pk__in=governed_places(access).values("user"))


def governed_places(access: Access) -> QuerySet[Membership]:
    """Return the places that somebody sees in «人员»: those in their shops, of whomever."""
    if _everywhere(access):
        return Membership.objects.all()
    own = [shop_id for shop_id in access.scopes if access.may(Right.MANAGE_PEOPLE, shop_id)]
    return Membership.objects.filter(shop_id__in=own)


def governs_place(access: Access, shop_id: str) -> bool:
    """Return whether somebody gives and takes places in a shop."""
    return access.may(Right.MANAGE_PEOPLE, shop_id)


def governs_wholly(access: Access, person: User) -> bool:
    """Return whether every place of a person is one that somebody gives and takes.

    Only then may they rename, let go, sign out or give a new password: the person works for
    nobody else. Nobody governs themselves.
    """
    if person.pk == access.user.pk:
        return False
    return _everywhere(access) or all(
        governs_place(access, member.shop_id) for member in person.memberships.all()
    )


def _everywhere(access: Access) -> bool:
    return access.may(Right.MANAGE_PEOPLE, Membership.ALL_SHOPS)
