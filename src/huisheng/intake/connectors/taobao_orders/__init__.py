"""千牛 order report (2022 and later): one row per order."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    city,
    constant,
    known,
    landed,
    legible,
    parcels,
    pick,
    province,
    recode,
    where,
)
from huisheng.intake.connector import Connector
from huisheng.intake.platform_words import ORDER_STATUS


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return orders, the item of orders that hold a single piece, and parcels."""
    return {"orders": _orders(raw), "order_items": _items(raw), "shipments": _shipments(raw)}


def _orders(raw: pa.Table) -> pa.Table:
    address = pick(raw, "收货地址", "修改后的收货地址")
    return landed(
        raw,
        order_no=pick(raw, "订单编号"),
        pay_no=pick(raw, "支付单号"),
        customer_key=legible(pick(raw, "买家会员名", "买家昵称")),
        status=recode(pick(raw, "订单状态"), ORDER_STATUS),
        total_amount=pick(raw, "总金额"),
        pay_amount=pick(raw, "买家实付金额", "买家实际支付金额"),
        shipping_fee=pick(raw, "买家应付邮费"),
        created_at=pick(raw, "订单创建时间"),
        paid_at=pick(raw, "订单付款时间"),
        shipped_at=pick(raw, "发货时间"),
        promised_ship_at=pick(raw, "应发货时间"),
        confirmed_at=pick(raw, "确认收货时间"),
        receiver_province=province(address),
        receiver_city=city(address),
        buyer_memo=pick(raw, "买家留言"),
        seller_memo=pick(raw, "商家备注", "订单备注", "备注"),
        close_reason=pick(raw, "订单关闭原因"),
    )


def _items(raw: pa.Table) -> pa.Table:
    # An order of one piece has one sub-order, and then Taobao gives both the same number; an
    # order of several pieces names no sub-order, so its items come from the 宝贝 report only.
    order_no = pick(raw, "订单编号")
    single = pc.equal(pick(raw, "宝贝总数量"), "1")
    items = landed(
        raw,
        sub_order_no=where(single, order_no),
        order_no=order_no,
        merchant_code=pick(raw, "商家编码"),
        title=pick(raw, "商品标题", "宝贝标题"),
        spec=pick(raw, "商品属性SKU", "商品属性"),
        qty=pick(raw, "宝贝总数量"),
    )
    return known(items, "sub_order_no")


def _shipments(raw: pa.Table) -> pa.Table:
    at, carrier, number = parcels(pick(raw, "物流单号"))
    rows = raw.take(at)
    return landed(
        rows,
        tracking_no=number,
        carrier=pc.coalesce(pick(rows, "物流公司"), carrier),
        order_no=pick(rows, "订单编号"),
        direction=constant(rows, "out"),
        promised_ship_at=pick(rows, "应发货时间"),
        shipped_at=pick(rows, "发货时间"),
    )


CONNECTOR = Connector(
    label="千牛订单报表（千牛 → 交易 → 已卖出的宝贝 → 批量导出 → 订单报表）",
    platform="taobao",
    header=frozenset({"订单编号", "支付单号", "支付详情", "订单状态", "订单付款时间"}),
    convert=convert,
)
