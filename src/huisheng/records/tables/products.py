"""商品: the canonical `products` table."""

from huisheng.records.table import Table, code, flag, instant, integer, json, key, masked, money

TABLE = Table(
    label="商品",
    key=("product_id",),
    columns=(
        key("product_id", "商品编号"),
        key("merchant_code", "货号"),
        masked("title", "标题"),
        code("category", "类目路径"),
        code("status", "on_sale|off_sale|presale"),
        money("list_price", "一口价"),
        json("attrs", "属性表"),
        json("size_table", "尺码表"),
        code("fit_bias", "large|normal|small"),
        json("gifts", "赠品"),
        key("replaced_by", "新链接商品编号"),
        integer("warranty_days", "保修天数"),
        integer("exchange_quality_days", "质量问题换货天数"),
        flag("replace_not_repair", "只换不修"),
        instant("on_sale_at", "上架时间"),
    ),
)
