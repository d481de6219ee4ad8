"""订单商品: the canonical `order_items` table."""

from huisheng.records.table import Table, code, flag, integer, key, masked, money

TABLE = Table(
    label="订单商品",
    key=("sub_order_no",),
    columns=(
        key("sub_order_no", "子订单号"),
        key("order_no", "主订单号"),
        key("product_id", "商品编号"),
        key("sku_id", "规格编号"),
        key("merchant_code", "商家编码"),
        masked("title", "商品标题"),
        masked("spec", "规格"),
        integer("qty", "数量"),
        money("unit_price", "单价"),
        money("paid_amount", "实付分摊"),
        money("discount_share", "优惠分摊"),
        flag("is_gift", "赠品"),
        code("refund_status", "退款状态"),
    ),
)
