"""The shops whose settings a person may change, and the one a page is about."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from huisheng.app.report.labels import PLATFORMS
from huisheng.app.web import library
from huisheng.app.web.accounts.middleware import Request
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right

CHANNELS = {
    "im": "在线客服", "phone": "电话", "wechat": "微信", "self_service": "自助",
    "review": "评价", "ticket": "工单",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that has facts; `platform` is empty where nobody said which."""

    id: str
    name: str
    platform: str
    category: str

    @property
    def platform_name(self) -> str:
        """Return the platform's Chinese name, empty where it is not known."""
        return PLATFORMS.get(self.platform, "")


def shops_of(request: Request) -> list[Shop]:
    """Return the shops a person may set, in order of id.

    Raises:
        PermissionDenied: the person may set none.
    """
    request.access.need(Right.CHANGE_SETTINGS)
    with library.facts() as facts:
        columns = facts.table("shops").select("shop_id", "name", "platform", "category")
        known = {row["shop_id"]: row for row in facts.engine.arrow(columns).to_pylist()}
        ids = sorted({*known, *facts.engine.shops("import_batches"), *facts.shop_platforms})
    allowed = request.access.shops_with(Right.CHANGE_SETTINGS, ids)
    return [_shop(id_, known.get(id_, {})) for id_ in allowed]


def shop_asked(request: Request, shops: list[Shop]) -> Shop | None:
    """Return the shop that the address names, else the first; None where there is none at all.

    Raises:
        Http404: the one named is not among the person's.
    """
    asked = request.POST.get("shop") or request.GET.get("shop")
    if not asked:
        return shops[0] if shops else None
    found = next((shop for shop in shops if shop.id == asked), None)
    if found is None:
        raise Http404
    return found


def everywhere(request: Request) -> bool:
    """Return whether a person may change what holds for all shops."""
    return request.access.may(Right.CHANGE_SETTINGS, Membership.ALL_SHOPS)


def need_everywhere(request: Request) -> None:
    """Refuse whoever may not change what holds for all shops.

    Raises:
        PermissionDenied: they may not.
    """
    if not everywhere(request):
        raise PermissionDenied


def _shop(shop_id: str, row: dict[str, str | None]) -> Shop:
    return Shop(
        shop_id, row.get("name") or shop_id, row.get("platform") or "", row.get("category") or ""
    )
