"""抖店 after-sale export: one row per after-sale case."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.refund_rows import FIRST_REASON, FIRST_REASON_AT, RefundHeaders, refund_rows

HEADERS = RefundHeaders(
    refund_no=("售后单号", "售后编号"),
    order_no=("订单号", "主订单编号"),
    sub_order_no=("商品单号", "子订单编号"),
    item_id=("商品ID", "商品id"),
    type=("售后类型",),
    stage=("商品发货状态",),
    first_reason=FIRST_REASON,
    first_reason_at=FIRST_REASON_AT,
    reason=("售后原因",),
    reason_label=("售后原因标签",),
    reason_text=("用户售后说明",),
    amount=("退商品金额(元)", "退商品金额"),
    goods_status=("商品发货状态",),
    status=("售后状态",),
    applied=("售后申请时间",),
    agreed=("同意售后申请时间",),
    return_shipped=("退货发货时间",),
    finished=("售后完结时间",),
    succeeded=("用户到账时间", "商家退款时间"),
    closed=("售后关闭时间",),
    timeout=("自动处理截止时间",),
    return_tracking=("退货物流单号",),
    return_carrier=("退货物流公司",),
    return_logistics=("退货物流状态",),
    out_logistics=("发货物流单号",),
    intervention=("仲裁状态",),
    duty=("纠纷责任方",),
    finished_by=(),
    operator=("操作人",),
)


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return refunds and the parcels that went out and came back."""
    return refund_rows(raw, HEADERS)


CONNECTOR = Connector(
    label="抖店售后单（抖店 → 售后 → 售后工作台 → 导出）",
    platform="douyin",
    header=frozenset({"售后单号", "订单号", "售后类型", "售后状态", "售后申请时间"}),
    convert=convert,
)
