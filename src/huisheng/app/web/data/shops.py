"""The shops a person may import for."""

from collections.abc import Iterable
from dataclasses import dataclass

from huisheng.app.report.labels import PLATFORMS
from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that has facts; `platform` is empty where nobody said which."""

    id: str
    name: str
    platform: str

    @property
    def platform_name(self) -> str:
        """Return the platform's Chinese name, empty where it is not known."""
        return PLATFORMS.get(self.platform, "")


def shops_of(access: Access) -> list[Shop]:
    """Return the shops with facts that a person may import for, in order of id."""
    with library.facts() as facts:
        shops = facts.engine.table("shops").select("shop_id", "name", "platform")
        known = {row["shop_id"]: row for row in facts.engine.arrow(shops).to_pylist()}
        ids = sorted({*known, *facts.engine.shops("import_batches")})
    allowed = access.shops_with(Right.IMPORT_DATA, ids)
    return [_shop(id_, known.get(id_, {})) for id_ in allowed]


def everywhere(access: Access) -> bool:
    """Return whether a person may import for every shop, also those still to come."""
    return access.may(Right.IMPORT_DATA, Membership.ALL_SHOPS)


def only(access: Access, shops: Iterable[Shop]) -> list[str] | None:
    """Return the shops to which an import of this person is held, None for all."""
    return None if everywhere(access) else [shop.id for shop in shops]


def chosen(shops: list[Shop], shop_id: str) -> Shop | None:
    """Return the shop a page is about: the one asked for, else the first."""
    return next((shop for shop in shops if shop.id == shop_id), shops[0] if shops else None)


def _shop(shop_id: str, row: dict[str, str | None]) -> Shop:
    return Shop(shop_id, row.get("name") or shop_id, row.get("platform") or "")
