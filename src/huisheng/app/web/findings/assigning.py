"""Whom a stuck point can be given to: who may see it, and nobody of another shop."""

from django.db.models import Q, QuerySet

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Right, Role

_SEEING = [role for role in Role if Right.SEE_FINDINGS in role.rights]
_OF_NO_DEPARTMENT = [role for role in _SEEING if role not in (Role.DEPARTMENT, Role.SUPPLIER)]


def assignable(shop_id: str, department: str) -> QuerySet[User]:
    """Return who may be given a finding of a shop that is one department's to mend."""
    there = Q(memberships__shop_id__in=[shop_id, Membership.ALL_SHOPS])
    whole = Q(memberships__role__in=_OF_NO_DEPARTMENT)
    theirs = whole | Q(memberships__department=department)
    return _people(there & theirs)


def assignable_by(access: Access) -> QuerySet[User]:
    """Return who could be given any finding that somebody may judge."""
    if access.may(Right.JUDGE_FINDINGS, Membership.ALL_SHOPS):
        return _people(Q())
    own = [shop_id for shop_id in access.scopes if access.may(Right.JUDGE_FINDINGS, shop_id)]
    return _people(Q(memberships__shop_id__in=[*own, Membership.ALL_SHOPS]))


def _people(place: Q) -> QuerySet[User]:
    # One filter: the role must be the one of that very place.
    seeing = Q(memberships__role__in=_SEEING)
    return User.objects.filter(place & seeing, is_active=True).distinct()
