"""平台体验分快照: the canonical `platform_score_snapshots` table."""

from huisheng.records.table import Table, code, date, json, number

TABLE = Table(
    label="平台体验分快照",
    key=("taken_on", "score_id"),
    columns=(
        date("taken_on", "日期"),
        code("score_id", "指标"),
        code("dimension", "product|logistics|service|total"),
        number("score", "得分"),
        number("value", "指标值"),
        json("standards", "各档标准"),
    ),
)
