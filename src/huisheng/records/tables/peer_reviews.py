"""竞品评价: the canonical `peer_reviews` table, which no own-shop metric reads."""

from huisheng.privacy import MaskKind
from huisheng.records.table import Table, code, flag, instant, integer, key, masked

TABLE = Table(
    label="竞品评价",
    key=("review_no",),
    anchor=("created_at",),
    columns=(
        key("review_no", "竞品评价编号"),
        key("item_id", "竞品商品编号"),
        code("peer_shop", "竞品店铺"),
        masked("title", "竞品标题"),
        masked("spec", "规格"),
        integer("score", "评分1至5", latches=True),
        code("type", "good|mid|bad", latches=True),
        masked("content", "评价内容"),
        masked("append_content", "追评"),
        flag("has_image", "有图"),
        instant("created_at", "评价时间", latches=True),
        instant("append_at", "追评时间"),
        masked("reply", "商家回复"),
        masked("nick_masked", "评价者（脱敏）", MaskKind.NICK),
    ),
)
