"""Refund rows out of the exports of several platforms, which differ in headers only."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    extract,
    flag,
    known,
    landed,
    matches,
    parcels,
    pick,
    recode,
    where,
)
from huisheng.intake.platform_words import (
    DUTY_PARTY,
    FINISHED_BY,
    NOT_INTERVENED,
    REFUND_STAGE,
    REFUND_STATUS,
    REFUND_TYPE,
)

SIGNED = r"(已签收|签收成功|已妥投|已收货|本人签收|代签|^签收)"
_STAGES = pa.array(["售中", "售后"])
_TIME = r"(?P<found>20\d\d-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}(?::\d{2})?)"


FIRST_REASON = ("首次退款原因", "首次申请原因", "首次原因")
FIRST_REASON_AT = ("首次申请时间", "首次退款时间", "首次原因时间")


@dataclass(frozen=True, slots=True)
class RefundHeaders:
    """Under which headers an export keeps each thing, most trusted first.

    The first reason has a column of its own only in the platform's list of quality refunds: what
    other exports call the reason is the one that a refund has now.

    `finished` is any end; `succeeded` and `closed` are ends of one kind where the export tells
    them apart.
    """

    refund_no: tuple[str, ...]
    order_no: tuple[str, ...]
    sub_order_no: tuple[str, ...]
    item_id: tuple[str, ...]
    type: tuple[str, ...]
    stage: tuple[str, ...]
    first_reason: tuple[str, ...]
    first_reason_at: tuple[str, ...]
    reason: tuple[str, ...]
    reason_label: tuple[str, ...]
    reason_text: tuple[str, ...]
    amount: tuple[str, ...]
    goods_status: tuple[str, ...]
    status: tuple[str, ...]
    applied: tuple[str, ...]
    agreed: tuple[str, ...]
    return_shipped: tuple[str, ...]
    finished: tuple[str, ...]
    succeeded: tuple[str, ...]
    closed: tuple[str, ...]
    timeout: tuple[str, ...]
    return_tracking: tuple[str, ...]
    return_carrier: tuple[str, ...]
    return_logistics: tuple[str, ...]
    out_logistics: tuple[str, ...]
    intervention: tuple[str, ...]
    duty: tuple[str, ...]
    finished_by: tuple[str, ...]
    operator: tuple[str, ...]


TAOBAO = RefundHeaders(
    refund_no=("退款编号",),
    order_no=("订单编号",),
    sub_order_no=("子订单编号",),
    item_id=("商品id", "商品ID"),
    type=("售后类型", "是否需要退货"),
    stage=("售中或售后",),
    first_reason=FIRST_REASON,
    first_reason_at=FIRST_REASON_AT,
    reason=("买家退款原因", "退款原因", "当前退款原因"),
    reason_label=("退款原因标签", "备注标签"),
    reason_text=("买家退款说明",),
    amount=("买家退款金额", "退款金额"),
    goods_status=("货物状态",),
    status=("退款状态",),
    applied=("退款的申请时间", "退款申请时间"),
    agreed=(),
    return_shipped=("买家退货时间",),
    finished=("退款完结时间", "完结时间"),
    succeeded=(),
    closed=(),
    timeout=("超时时间",),
    return_tracking=("退货物流单号",),
    return_carrier=("退货物流公司",),
    return_logistics=("退货物流信息",),
    out_logistics=("发货物流信息",),
    intervention=("客服介入状态",),
    duty=("责任方",),
    finished_by=("手工退款/系统退款",),
    operator=("退款操作人", "审核操作人"),
)
"""The two refund reports of Taobao: the new one renames and reorders the columns of the old."""


def refund_rows(raw: pa.Table, headers: RefundHeaders) -> Mapping[str, pa.Table]:
    """Return `refunds` and the `shipments` their logistics columns tell of.

    Most exports show only the reason a refund has now; then no first reason is filled in.
    """
    parcels_there = [_returned(raw, headers), _sent(raw, headers)]
    return {"refunds": _refunds(raw, headers), "shipments": pa.concat_tables(parcels_there)}


def _refunds(raw: pa.Table, headers: RefundHeaders) -> pa.Table:
    kind = recode(pick(raw, *headers.type), REFUND_TYPE)
    status = recode(pick(raw, *headers.status), REFUND_STATUS)
    stage = recode(pick(raw, *headers.stage), REFUND_STAGE)
    amount = pick(raw, *headers.amount)
    intervention = pick(raw, *headers.intervention)
    return landed(
        raw,
        refund_no=pick(raw, *headers.refund_no),
        order_no=pick(raw, *headers.order_no),
        sub_order_no=pick(raw, *headers.sub_order_no),
        item_id=pick(raw, *headers.item_id),
        type=kind,
        stage=where(pc.is_in(stage, value_set=_STAGES), stage),
        first_reason_code=pick(raw, *headers.first_reason),
        first_reason_at=pick(raw, *headers.first_reason_at),
        reason_code=pick(raw, *headers.reason),
        reason_label=pick(raw, *headers.reason_label),
        reason_text=pick(raw, *headers.reason_text),
        amount=amount,
        refund_amount=where(pc.equal(status, "success"), amount),
        goods_status=pick(raw, *headers.goods_status),
        need_return=_need_return(kind),
        return_tracking_no=_return_number(raw, headers),
        return_carrier=pick(raw, *headers.return_carrier),
        duty_party=recode(pick(raw, *headers.duty), DUTY_PARTY),
        platform_intervened=flag(pc.invert(matches(intervention, NOT_INTERVENED))),
        status=status,
        finished_by=recode(pick(raw, *headers.finished_by), FINISHED_BY),
        operator=pick(raw, *headers.operator),
        **_times(raw, headers, status),
    )


def _need_return(kind: pa.Array) -> pa.Array:
    goes_back = pc.is_in(kind, value_set=pa.array(["return_refund", "exchange", "repair"]))
    return where(pc.is_valid(kind), flag(goes_back))


def _times(raw: pa.Table, headers: RefundHeaders, status: pa.Array) -> dict[str, pa.Array]:
    finished = pick(raw, *headers.finished)
    succeeded = where(pc.equal(status, "success"), pick(raw, *headers.succeeded, *headers.finished))
    closed = where(pc.equal(status, "closed"), pick(raw, *headers.closed, *headers.finished))
    over = pc.is_in(status, value_set=pa.array(["success", "closed"]))
    return {
        "applied_at": pick(raw, *headers.applied),
        "agreed_at": pick(raw, *headers.agreed),
        "return_shipped_at": pick(raw, *headers.return_shipped),
        "return_signed_at": _signed_at(raw, headers),
        "success_at": succeeded,
        "closed_at": closed,
        "finish_at": where(over, pc.coalesce(finished, succeeded, closed)),
        "timeout_at": pick(raw, *headers.timeout),
    }


def _return_number(raw: pa.Table, headers: RefundHeaders) -> pa.Array:
    return extract(pick(raw, *headers.return_tracking), r"(?P<found>[A-Za-z0-9-]{6,})", "found")


def _signed_at(raw: pa.Table, headers: RefundHeaders) -> pa.Array:
    said = pick(raw, *headers.return_logistics)
    return where(matches(said, SIGNED), extract(said, _TIME, "found"))


def _returned(raw: pa.Table, headers: RefundHeaders) -> pa.Table:
    said = pick(raw, *headers.return_logistics)
    signed = pc.fill_null(matches(said, SIGNED), False)
    parcel = landed(
        raw,
        tracking_no=_return_number(raw, headers),
        carrier=pick(raw, *headers.return_carrier),
        order_no=pick(raw, *headers.order_no),
        direction=constant(raw, "return"),
        shipped_at=pick(raw, *headers.return_shipped),
        signed_at=_signed_at(raw, headers),
        status=pc.if_else(signed, "signed", "transit"),
    )
    return known(parcel, "tracking_no")


def _sent(raw: pa.Table, headers: RefundHeaders) -> pa.Table:
    said = pick(raw, *headers.out_logistics)
    at, carrier, number = parcels(said)
    rows = raw.take(at)
    told = said.take(at)
    signed = pc.fill_null(matches(told, SIGNED), False)
    nothing = pa.nulls(rows.num_rows, pa.string())
    return landed(
        rows,
        tracking_no=number,
        carrier=carrier,
        order_no=pick(rows, *headers.order_no),
        direction=constant(rows, "out"),
        shipped_at=nothing,
        signed_at=where(signed, extract(told, _TIME, "found")),
        status=pc.if_else(signed, "signed", nothing),
    )
