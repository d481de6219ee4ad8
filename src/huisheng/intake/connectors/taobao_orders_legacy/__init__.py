"""ExportOrderList, the order report of Taobao before 千牛: GBK, one row per order."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    city,
    constant,
    flag,
    identity,
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
    """Return orders, the item of orders that hold a single kind of goods, and parcels."""
    return {"orders": _orders(raw), "order_items": _items(raw), "shipments": _shipments(raw)}


def _orders(raw: pa.Table) -> pa.Table:
    address = pick(raw, "修改后的收货地址", "收货地址")
    closed = pick(raw, "订单关闭原因")
    stages = pick(raw, "分阶段订单信息")
    phone = pc.coalesce(pick(raw, "联系手机"), pick(raw, "联系电话"))
    return landed(
        raw,
        order_no=pick(raw, "订单编号"),
        customer_key=legible(pick(raw, "买家会员名")),
        status=recode(pick(raw, "订单状态"), ORDER_STATUS),
        total_amount=pick(raw, "总金额"),
        pay_amount=pick(raw, "买家实际支付金额", "买家实付金额"),
        shipping_fee=pick(raw, "买家应付邮费"),
        coupon_amount=pick(raw, "天猫卡券抵扣"),
        is_presale=where(pc.is_valid(stages), flag(pc.is_valid(stages))),
        created_at=pick(raw, "订单创建时间"),
        paid_at=pick(raw, "订单付款时间"),
        close_reason=where(pc.not_equal(closed, "订单未关闭"), closed),
        receiver_province=province(address),
        receiver_city=city(address),
        receiver_hash=identity(pick(raw, "收货人姓名"), phone),
        buyer_memo=pick(raw, "买家留言"),
        seller_memo=pick(raw, "订单备注"),
        source=pick(raw, "是否手机订单"),
    )


def _items(raw: pa.Table) -> pa.Table:
    # An order of one kind of goods has one sub-order, and then Taobao gives both the same number.
    order_no = pick(raw, "订单编号")
    single = pc.equal(pick(raw, "宝贝种类"), "1")
    items = landed(
        raw,
        sub_order_no=where(single, order_no),
        order_no=order_no,
        title=pick(raw, "宝贝标题", "商品标题"),
        spec=pick(raw, "修改后的sku"),
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
    )


CONNECTOR = Connector(
    label="淘宝旧版订单报表 ExportOrderList（已卖出的宝贝 → 批量导出 → 下载订单报表）",
    platform="taobao",
    header=frozenset({"订单编号", "买家会员名", "总金额", "订单状态"}),
    convert=convert,
)
