"""工单事件: the canonical `ticket_events` table."""

from huisheng.records.table import Table, code, instant, key, masked_json

TABLE = Table(
    label="工单事件",
    key=("event_id",),
    anchor=("at",),
    columns=(
        key("event_id", "事件编号"),
        key("ticket_no", "工单号"),
        code("event_type", "事件类型"),
        code("from_status", "原状态"),
        code("to_status", "新状态"),
        code("actor", "操作人"),
        code("actor_role", "角色"),
        instant("at", "时间"),
        masked_json("payload", "详情"),
    ),
)
