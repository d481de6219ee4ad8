"""跟单: the canonical `followups` table."""

from huisheng.records.table import Table, code, flag, instant, key, person

TABLE = Table(
    label="跟单",
    key=("followup_id",),
    anchor=("planned_at",),
    columns=(
        key("followup_id", "跟单编号"),
        code("trigger", "触发"),
        person("customer_key", "顾客"),
        key("order_no", "主订单号"),
        key("conv_id", "会话编号"),
        instant("planned_at", "计划时间"),
        instant("sent_at", "发送时间"),
        code("stopped_reason", "停止原因"),
        instant("converted_at", "转化时间"),
        flag("is_holdout", "对照组"),
    ),
)
