"""会话: the canonical `conversations` table."""

from huisheng.records.table import Table, code, flag, instant, integer, key, person

TABLE = Table(
    label="会话",
    key=("conv_id",),
    anchor=("started_at",),
    derived=frozenset(
        {
            "first_resp_sec",
            "avg_resp_sec",
            "max_resp_sec",
            "rounds",
            "missed_rounds",
            "resp_3min_hit",
            "msg_count",
            "buyer_msg_count",
            "agent_msg_count",
            "primary_scene",
            "scenes",
            "emotion_peak",
            "risk_ids",
            "primary_phase",
        }
    ),
    columns=(
        key("conv_id", "会话编号"),
        person("customer_key", "顾客"),
        key("order_no", "主订单号"),
        key("product_id", "商品编号"),
        code("channel", "im|phone|wechat|self_service|review|ticket"),
        instant("started_at", "开始时间"),
        instant("ended_at", "结束时间"),
        code("reception_type", "robot|human|mixed"),
        code("first_agent_id", "首接客服"),
        code("last_agent_id", "末接客服"),
        integer("transfer_count", "转接次数"),
        code("transfer_reason", "转接原因"),
        flag("is_presale", "售前"),
        code("result", "lost|ordered|resolved"),
        code("lost_reason", "流失原因"),
    ),
)
