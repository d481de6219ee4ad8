"""顾客: the canonical `customers` table."""

from huisheng.privacy import MaskKind
from huisheng.records.table import Table, code, flag, instant, integer, json, masked, money, person

TABLE = Table(
    label="顾客",
    key=("customer_key",),
    columns=(
        person("customer_key", "顾客"),
        masked("nick_masked", "昵称（脱敏）", MaskKind.NICK),
        code("level", "新客|老客|会员|团购"),
        instant("first_order_at", "首单时间"),
        instant("last_order_at", "末单时间"),
        integer("order_count", "订单数"),
        money("total_paid", "累计实付"),
        integer("trust_flag", "平台可信度权重"),
        code("province", "省"),
        code("city", "市"),
        json("tags", "标签"),
        flag("unsubscribed", "拒收营销"),
    ),
)
