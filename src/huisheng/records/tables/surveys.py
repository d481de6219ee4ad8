"""问卷: the canonical `surveys` table."""

from huisheng.records.table import Table, code, instant, key, person

TABLE = Table(
    label="问卷",
    key=("survey_id",),
    anchor=("sent_at",),
    columns=(
        key("survey_id", "问卷编号"),
        code("template_id", "模板"),
        code("trigger", "触发"),
        key("conv_id", "会话编号"),
        key("order_no", "主订单号"),
        key("ticket_no", "工单号"),
        person("customer_key", "顾客"),
        code("channel", "im|sms|form|phone"),
        instant("sent_at", "发送时间"),
        instant("answered_at", "回答时间"),
        code("status", "sent|opened|answered|expired"),
    ),
)
