"""What the person behind a request may see: shops, and within them what is their own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied

from huisheng.app.web.accounts.models import Membership, User
from huisheng.app.web.accounts.roles import Right, Role


@dataclass(frozen=True, slots=True)
class Scope:
    """A person's role in one shop and what it is narrowed to; empty text narrows nothing.

    `only` holds the rights that a token was made for, None where the person is there themselves.
    """

    role: Role
    department: str
    agent_id: str
    carrier: str
    only: frozenset[Right] | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """Return what may be done: never more than the role allows now."""
        return self.role.rights if self.only is None else self.role.rights & self.only


@dataclass(frozen=True, slots=True)
class Access:
    """A signed-in person's scopes by shop."""

    user: User
    scopes: dict[str, Scope]
    _everywhere: Scope | None = field(default=None)

    def scope(self, shop_id: str) -> Scope | None:
        """Return the person's scope in a shop, None where they have none."""
        return self.scopes.get(shop_id, self._everywhere)

    def may(self, right: Right, shop_id: str | None = None) -> bool:
        """Return whether the person has a right in a shop, or in any where none is named."""
        if shop_id is not None:
            scope = self.scope(shop_id)
            return scope is not None and right in scope.rights
        scopes = [*self.scopes.values(), *([self._everywhere] if self._everywhere else [])]
        return any(right in scope.rights for scope in scopes)

    def need(self, right: Right, shop_id: str | None = None) -> None:
        """Refuse the request where the right is missing.

        Raises:
            PermissionDenied: it is.
        """
        if not self.may(right, shop_id):
            raise PermissionDenied

    def shops_with(self, right: Right, shops: Iterable[str]) -> list[str]:
        """Return those of some shops in which the person has a right, in their order."""
        return [shop_id for shop_id in shops if self.may(right, shop_id)]

    def within(self, rights: frozenset[Right], shops: Collection[str]) -> "Access":
        """Return the part of this access that some rights and shops hold; no shops narrow none."""

        def narrowed(scope: Scope) -> Scope:
            return replace(scope, only=scope.rights & rights)

        everywhere = self._everywhere
        if shops:
            found = {shop: scope for shop in shops if (scope := self.scope(shop)) is not None}
            return Access(self.user, {shop: narrowed(scope) for shop, scope in found.items()})
        return Access(
            self.user,
            {shop: narrowed(scope) for shop, scope in self.scopes.items()},
            narrowed(everywhere) if everywhere else None,
        )


def access_of(user: User) -> Access:
    """Read a person's memberships."""
    scopes = {
        member.shop_id: Scope(Role(member.role), member.department, member.agent_id, member.carrier)
        for member in user.memberships.all()
    }
    return Access(user, scopes, scopes.pop(Membership.ALL_SHOPS, None))
