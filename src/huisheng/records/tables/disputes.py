"""纠纷投诉: the canonical `disputes` table."""

from huisheng.records.table import Table, code, flag, instant, integer, key, masked

TABLE = Table(
    label="纠纷投诉",
    key=("dispute_no",),
    anchor=("launched_at",),
    columns=(
        key("dispute_no", "编号"),
        code("kind", "dispute|complaint|work_order", latches=True),
        code("work_order_type", "工单类型", latches=True),
        key("order_no", "主订单号"),
        key("refund_no", "退款编号"),
        code("initiator", "consumer|platform|merchant", latches=True),
        flag("is_proactive_member", "优质会员主动介入", latches=True),
        flag("merchant_rejected_first", "商家先拒绝", latches=True),
        instant("launched_at", "发起时间", latches=True),
        instant("withdrawn_at", "撤销时间"),
        instant("closed_at", "关闭时间"),
        masked("verdict", "判定"),
        code("duty_party", "责任方"),
        code("final_refund_status", "最终退款状态"),
        integer("weight", "权重"),
        masked("content", "诉求"),
    ),
)
