"""Whose words a person may read."""

from collections.abc import Iterable
from dataclasses import dataclass

from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.roles import Right, Role


@dataclass(frozen=True, slots=True)
class Reach:
    """Shops read whole, and (shop, agent) pairs of which that agent's own talks alone are read."""

    whole: tuple[str, ...]
    own: tuple[tuple[str, str], ...] = ()

    @property
    def shops(self) -> tuple[str, ...]:
        """Return every shop something may be read of."""
        return (*self.whole, *(shop_id for shop_id, _ in self.own))

    def of_shop(self, shop_id: str) -> "Reach":
        """Return the part that lies in one shop, everything where no shop is named."""
        if not shop_id:
            return self
        whole = tuple(shop for shop in self.whole if shop == shop_id)
        return Reach(whole, tuple(pair for pair in self.own if pair[0] == shop_id))

    def agent_in(self, shop_id: str) -> str | None:
        """Return the agent whose talks alone may be read in a shop, None where all may."""
        return dict(self.own).get(shop_id)


def reach_of(access: Access, shops: Iterable[str]) -> Reach:
    """Return what a person may read in some shops: an agent just what is their own."""
    whole: list[str] = []
    own: list[tuple[str, str]] = []
    for shop_id in access.shops_with(Right.SEE_CONVERSATIONS, shops):
        scope = access.scope(shop_id)
        if scope is not None and scope.role is Role.AGENT:
            own.append((shop_id, scope.agent_id))
        else:
            whole.append(shop_id)
    return Reach(tuple(whole), tuple(own))
