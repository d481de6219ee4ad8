"""质检命中: the canonical `qa_hits` table."""

from huisheng.records.table import Table, code, instant, json, key, masked, number

TABLE = Table(
    label="质检命中",
    key=("rule_id", "conv_id", "agent_id"),
    anchor=("at",),
    columns=(
        code("rule_id", "规则"),
        key("conv_id", "会话编号"),
        code("agent_id", "客服"),
        number("points", "分值"),
        json("evidence", "证据"),
        code("status", "状态"),
        code("reviewer", "复核人"),
        masked("appeal", "申诉"),
        instant("at", "时间"),
    ),
)
