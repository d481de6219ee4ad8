"""Which shop rows belong to, and which platform a shop is on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.errors import BadInputError
from huisheng.intake.checking import BAD_SCHEMA
from huisheng.intake.connector import ROW
from huisheng.intake.keys import column_of, with_column
from huisheng.intake.kinds.words import parse_code
from huisheng.intake.vocabulary import words_of
from huisheng.lake import Workspace, read_columns

DEFAULT_SHOP = "shop"
OTHER = "other"
_SHOP_ID = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Shops:
    """The workspace's shops.

    Attributes:
        ids: every shop that has facts.
        platforms: shop → platform, where known.
        requested: the shop the user named, if any.
    """

    ids: frozenset[str]
    platforms: Mapping[str, str]
    requested: str | None

    def default(self, where: str) -> str:
        """Return the shop of rows that name none.

        Raises:
            BadInputError: there are several shops and the user named none.
        """
        if self.requested is not None:
            return self.requested
        if len(self.ids) > 1:
            raise BadInputError(
                where,
                f"工作区里有多个店铺（{'、'.join(sorted(self.ids)[:5])}），不知道这些行属于哪一个",
                "请用 --shop 指定店铺，或在文件里加 shop_id 列",
            )
        return next(iter(self.ids), DEFAULT_SHOP)

    @property
    def of_unnamed(self) -> str:
        """Return the shop of rows that were set aside and name none, empty where nobody can say."""
        if self.requested is not None or len(self.ids) <= 1:
            return self.default("")
        return ""

    def is_known(self, shop_id: str) -> bool:
        """Return whether a shop was there before this import, or is the one it was made for."""
        return shop_id in self.ids or shop_id == self.requested


def check_shop_id(shop_id: str) -> None:
    """Refuse a shop id that could not be a file name or a key.

    Raises:
        BadInputError: it cannot be used.
    """
    if not _usable(shop_id):
        raise BadInputError(
            f"店铺 {shop_id}",
            "店铺编号只能含文字、数字、点、横线和下划线，最长 64 个字符",
            "请换一个",
        )


def read_shops(workspace: Workspace, requested: str | None) -> Shops:
    """Return the shops of a workspace as last published."""
    pairs = read_columns(workspace, "shops", ["shop_id", "platform"])
    batches = read_columns(workspace, "import_batches", ["shop_id"])
    platforms = {
        pair["shop_id"]: pair["platform"]
        for pair in pairs.to_pylist()
        if pair["platform"] not in (None, OTHER)
    }
    ids = {*pairs["shop_id"].to_pylist(), *batches["shop_id"].to_pylist()}
    return Shops(frozenset(ids), platforms, requested)


def with_shops(
    rows: pa.Table, shops: Shops, platform: str, where: str
) -> tuple[pa.Table, pa.Table]:
    """Return rows with `shop_id` and `platform` filled, and those whose shop cannot be used.

    The platform is the file's, else the shop's, else the export's, else `other`.
    """
    shop = pc.utf8_trim_whitespace(column_of(rows, "shop_id", pa.string()))
    shop = pc.if_else(pc.equal(shop, ""), pa.scalar(None, pa.string()), shop)
    if shop.null_count:
        shop = pc.fill_null(shop, shops.default(where))
    given = parse_code(column_of(rows, "platform", pa.string()), words_of("shops", "platform"))
    found = pa.array(list(shops.platforms), pa.string())
    known = pa.array(list(shops.platforms.values()), pa.string())
    of_shop = known.take(pc.index_in(shop, found))
    filled = pc.coalesce(given.values, of_shop, platform or OTHER)
    rows = with_column(with_column(rows, "shop_id", shop), "platform", filled)
    distinct = pc.unique(shop).to_pylist()
    refused = pa.array([name for name in distinct if not _usable(name)], pa.string())
    bad = rows[ROW].combine_chunks().filter(pc.is_in(shop, refused))
    reason = pa.repeat("店铺编号含不允许的字符或过长，请只用文字、数字、点、横线和下划线", len(bad))
    return rows, pa.table([bad, pa.repeat("shop_id", len(bad)), reason], schema=BAD_SCHEMA)


def _usable(shop: str) -> bool:
    # A name of dots alone would be another folder.
    return _SHOP_ID.fullmatch(shop) is not None and bool(shop.strip("."))
