"""消息: the canonical `messages` table."""

from huisheng.privacy import MaskKind
from huisheng.records.table import (
    Table,
    code,
    flag,
    instant,
    integer,
    json,
    key,
    masked,
    masked_json,
)

TABLE = Table(
    label="消息",
    key=("msg_id",),
    anchor=("sent_at",),
    derived=frozenset({"text_masked"}),
    columns=(
        key("msg_id", "消息编号"),
        key("conv_id", "会话编号"),
        integer("seq", "会话内顺序"),
        instant("sent_at", "发送时间"),
        code("role", "buyer|agent|robot_auto|robot_assist|system|unknown"),
        code("agent_id", "客服"),
        masked("nick_masked", "昵称（脱敏）", MaskKind.NICK),
        code("type", "text|image|voice|video|card|link|recall|system"),
        masked("text", "内容（脱敏）"),
        masked_json("urls", "链接"),
        flag("parsed", "已解析"),
        flag("is_auto_reply", "自动回复"),
        flag("is_recalled", "已撤回"),
        flag("is_read", "已读"),
        json("order_nos", "提到的订单号"),
        json("product_ids", "提到的商品编号"),
    ),
)
