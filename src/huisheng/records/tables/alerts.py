"""告警: the canonical `alerts` table."""

from huisheng.records.table import Table, code, instant, integer, key

TABLE = Table(
    label="告警",
    key=("alert_id",),
    anchor=("raised_at",),
    columns=(
        key("alert_id", "告警编号"),
        key("conv_id", "会话编号"),
        integer("level", "级别"),
        code("risk_id", "风险"),
        instant("raised_at", "告警时间"),
        instant("ack_at", "确认时间"),
        code("ack_by", "确认人"),
        instant("resolved_at", "解决时间"),
    ),
)
