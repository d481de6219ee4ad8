"""排班: the canonical `agent_shifts` table."""

from huisheng.records.table import Table, code, instant

TABLE = Table(
    label="排班",
    key=("agent_id", "start_at"),
    columns=(
        code("agent_id", "客服"),
        instant("start_at", "上班"),
        instant("end_at", "下班"),
        code("group_name", "客服组"),
    ),
)
