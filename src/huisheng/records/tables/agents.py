"""客服: the canonical `agents` table."""

from huisheng.records.table import Table, code, date, flag, json, key

TABLE = Table(
    label="客服",
    key=("agent_id",),
    columns=(
        key("agent_id", "客服编号"),
        code("account", "子账号"),
        code("display_name", "花名"),
        code("role", "角色 robot|human|supervisor|system"),
        code("group_name", "客服组"),
        json("aliases", "其他账号写法"),
        flag("active", "在职"),
        date("joined_at", "入职日期"),
    ),
)
