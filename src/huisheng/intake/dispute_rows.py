"""Rows of `disputes` out of the platform's lists of disputes, complaints and its work orders."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import constant, landed, matches, pick, recode, where
from huisheng.intake.platform_words import DUTY_PARTY, REFUND_STATUS

INITIATOR = (
    ("平台|小二|系统|官方", "platform"),
    ("商家|卖家|店铺", "merchant"),
    ("消费者|买家|用户|顾客", "consumer"),
)
WORK_ORDER_TYPE = (
    ("营商保", "营商保预警"),
    ("营销", "营销预警"),
    ("提醒发货|催.{0,2}发货", "提醒发货"),
    ("无忧购", "无忧购"),
    ("普通", "普通"),
)
YES_NO = (("未|没有|不是|^否|^无|^0", "否"), ("已|拒绝|介入|^是|^有|^1", "是"))
_REJECTED = "拒绝|不同意"


@dataclass(frozen=True, slots=True)
class Launched:
    """What one kind of list calls the things that lists differ in.

    Attributes:
        kind: dispute, complaint or work_order.
        number: headers of its number.
        initiator: who launches, where the list does not say; empty where nobody knows.
    """

    kind: str
    number: tuple[str, ...]
    initiator: str


def dispute_rows(raw: pa.Table, launched: Launched) -> pa.Table:
    """Return `disputes` of one list.

    The platform steps in only after a refusal counts (conventions of the help rate), so a list
    that shows the refund's status at launch instead of a yes or no tells it as well.
    """
    initiator = recode(pick(raw, "发起方", "发起人", "投诉方", "发起角色"), INITIATOR)
    assumed = constant(raw, launched.initiator) if launched.initiator else initiator
    return landed(
        raw,
        dispute_no=pick(raw, *launched.number),
        kind=constant(raw, launched.kind),
        work_order_type=recode(pick(raw, "工单类型", "协同工单类型"), WORK_ORDER_TYPE),
        order_no=pick(raw, "订单编号", "主订单编号", "订单号"),
        refund_no=pick(raw, "退款编号", "售后单号", "售后编号"),
        initiator=pc.coalesce(initiator, assumed),
        is_proactive_member=recode(
            pick(raw, "优质会员主动介入", "平台主动介入", "是否主动介入"), YES_NO
        ),
        merchant_rejected_first=_rejected_first(raw),
        launched_at=pick(raw, "发起时间", "投诉时间", "介入时间", "申请时间", "创建时间"),
        withdrawn_at=pick(raw, "撤销时间", "撤诉时间", "取消时间"),
        closed_at=pick(raw, "完结时间", "结案时间", "处理完成时间", "关闭时间"),
        verdict=pick(raw, "判定结果", "处理结果", "判责结果", "投诉结果"),
        duty_party=recode(pick(raw, "责任方", "判定责任方", "判责方"), DUTY_PARTY),
        final_refund_status=recode(
            pick(raw, "最终退款状态", "退款最终状态", "退款状态"), REFUND_STATUS
        ),
        weight=pick(raw, "计数权重", "权重"),
        content=pick(raw, "诉求", "投诉内容", "问题描述", "纠纷原因", "投诉原因", "工单内容"),
    )


def _rejected_first(raw: pa.Table) -> pa.Array:
    said = recode(pick(raw, "商家先拒绝", "是否商家先拒绝", "发起前商家是否拒绝"), YES_NO)
    status = pick(raw, "发起时退款状态", "介入时退款状态")
    seen = pc.if_else(pc.fill_null(matches(status, _REJECTED), False), "是", "否")
    return pc.coalesce(said, where(pc.is_valid(status), seen))
