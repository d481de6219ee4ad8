"""活动规则: the canonical `campaign_rules` table."""

from huisheng.records.table import Table, code, flag, instant, integer, json, key, money, number

TABLE = Table(
    label="活动规则",
    key=("rule_id",),
    columns=(
        key("rule_id", "规则编号"),
        key("campaign_id", "活动编号"),
        code("kind", "优惠类型"),
        money("threshold", "满"),
        money("discount", "减"),
        number("percent", "折"),
        flag("per_stack", "每满"),
        money("max_discount", "封顶"),
        money("deposit", "定金"),
        money("expand_to", "可抵"),
        integer("stack_order", "顺序"),
        code("stack_group", "互斥组"),
        json("scope", "范围"),
        instant("valid_from", "生效"),
        instant("valid_to", "失效"),
    ),
)
