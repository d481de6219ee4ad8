"""平台规则: the canonical `platform_rules` table."""

from huisheng.records.table import Table, code, date, json

TABLE = Table(
    label="平台规则",
    key=("rule_key", "effective_from"),
    columns=(
        code("rule_key", "规则"),
        json("value", "取值"),
        date("effective_from", "生效日期"),
        date("effective_to", "失效日期"),
        code("rule_source", "出处"),
    ),
)
