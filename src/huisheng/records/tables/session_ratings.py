"""会话评价: the canonical `session_ratings` table."""

from huisheng.records.table import Table, code, flag, instant, integer, json, key, masked, person

TABLE = Table(
    label="会话评价",
    key=("rating_id",),
    anchor=("rated_at", "invited_at"),
    derived=frozenset({"is_satisfied", "is_bad"}),
    columns=(
        key("rating_id", "评价编号"),
        key("conv_id", "会话编号"),
        code("agent_id", "客服"),
        person("customer_key", "顾客"),
        key("order_no", "主订单号"),
        code("subject", "chat|aftersale|robot", latches=True),
        code("level", "很满意|满意|一般|不满意|很不满意", latches=True),
        integer("score", "归一到1至5", latches=True),
        instant("invited_at", "邀评时间"),
        instant("rated_at", "评价时间", latches=True),
        instant("valid_until", "有效期至"),
        code("invite_source", "agent|robot|system|customer"),
        masked("comment", "评语"),
        json("tags", "标签"),
        key("re_rated_from", "上一次评价"),
        flag("is_cheating", "平台判定刷评"),
    ),
)
