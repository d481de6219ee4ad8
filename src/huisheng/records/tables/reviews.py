"""商品评价: the canonical `reviews` table."""

from huisheng.privacy import MaskKind
from huisheng.records.table import Table, code, flag, instant, integer, key, masked

TABLE = Table(
    label="商品评价",
    key=("review_no",),
    anchor=("created_at",),
    derived=frozenset({"aspects"}),
    columns=(
        key("review_no", "评价编号"),
        key("order_no", "主订单号"),
        key("sub_order_no", "子订单号"),
        key("product_id", "商品编号"),
        integer("score_product", "描述相符1至5", latches=True),
        integer("score_logistics", "物流服务1至5", latches=True),
        integer("score_service", "服务态度1至5", latches=True),
        code("type", "good|mid|bad", latches=True),
        masked("content", "评价内容"),
        masked("append_content", "追评"),
        flag("has_image", "有图"),
        flag("has_video", "有视频"),
        instant("created_at", "评价时间", latches=True),
        instant("append_at", "追评时间"),
        masked("reply", "商家回复"),
        instant("reply_at", "回复时间"),
        flag("is_default", "默认评价"),
        masked("nick_masked", "评价者（脱敏）", MaskKind.NICK),
    ),
)
