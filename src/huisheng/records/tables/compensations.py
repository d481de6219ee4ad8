"""补偿打款: the canonical `compensations` table."""

from huisheng.privacy import MaskKind
from huisheng.records.table import Table, code, instant, json, key, masked, money, person

TABLE = Table(
    label="补偿打款",
    key=("comp_id",),
    anchor=("applied_at",),
    columns=(
        key("comp_id", "打款编号"),
        key("batch_id", "批次"),
        key("ticket_no", "工单号"),
        key("order_no", "主订单号"),
        code("kind", "refund|transfer|resend|coupon"),
        money("amount", "金额"),
        masked("payee_masked", "收款人（脱敏）", MaskKind.PAYEE),
        person("payee_hash", "收款人"),
        masked("reason", "登记理由"),
        code("status", "状态"),
        code("applicant", "申请人"),
        code("approver", "审批人"),
        masked("approve_comment", "审批意见"),
        instant("applied_at", "申请时间"),
        instant("approved_at", "审批时间"),
        instant("paid_at", "支付时间"),
        json("check_flags", "校验"),
    ),
)
