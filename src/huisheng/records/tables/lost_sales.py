"""流失: the canonical `lost_sales` table."""

from huisheng.records.table import Table, code, instant, key, money, number, person

TABLE = Table(
    label="流失",
    key=("conv_id",),
    anchor=("provisional_at",),
    columns=(
        key("conv_id", "会话编号"),
        person("customer_key", "顾客"),
        key("product_id", "商品编号"),
        code("reason_id", "原因"),
        code("reason2_id", "次要原因"),
        number("confidence", "置信度"),
        money("expected_amount", "预期金额"),
        instant("provisional_at", "初判时间"),
        instant("final_at", "终判时间"),
        key("recovered_order_no", "挽回订单"),
    ),
)
