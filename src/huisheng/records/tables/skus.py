"""规格: the canonical `skus` table."""

from huisheng.records.table import Table, code, flag, integer, key, masked, money

TABLE = Table(
    label="规格",
    key=("sku_id",),
    columns=(
        key("sku_id", "规格编号"),
        key("product_id", "商品编号"),
        key("merchant_code", "商家编码"),
        masked("spec", "规格文本"),
        code("size", "尺码"),
        code("color", "颜色"),
        money("price", "售价"),
        money("cost", "成本"),
        integer("stock", "库存"),
        flag("is_accessory", "配件"),
        key("bom_parent", "所属主机商品编号"),
    ),
)
