"""拼多多 order export: one row per order, which holds one SKU."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    identity,
    landed,
    legible,
    parcels,
    pick,
    recode,
    total,
    where,
)
from huisheng.intake.connector import Connector
from huisheng.intake.platform_words import ORDER_STATUS


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return orders, their one item each, and parcels."""
    return {"orders": _orders(raw), "order_items": _items(raw), "shipments": _shipments(raw)}


def _orders(raw: pa.Table) -> pa.Table:
    status = recode(pick(raw, "订单状态"), ORDER_STATUS)
    by_shop = pick(raw, "店铺优惠折扣(元)")
    by_platform = pick(raw, "平台优惠折扣(元)")
    return landed(
        raw,
        order_no=pick(raw, "订单号"),
        status=status,
        total_amount=pick(raw, "商品总价(元)"),
        pay_amount=pick(raw, "用户实付金额(元)", "商家实收金额(元)"),
        shipping_fee=pick(raw, "邮费(元)"),
        discount_total=total(by_shop, by_platform, pick(raw, "多多支付立减金额(元)")),
        coupon_amount=by_shop,
        platform_subsidy=by_platform,
        promised_ship_at=pick(raw, "承诺发货时间", "最晚发货时间"),
        created_at=pick(raw, "下单时间", "拼单时间"),
        # 成交 is the moment the group is full, and a group is full of buyers who have paid.
        paid_at=pick(raw, "支付时间", "订单成交时间"),
        shipped_at=pick(raw, "发货时间"),
        confirmed_at=where(pc.equal(status, "交易成功"), pick(raw, "确认收货时间")),
        receiver_province=pick(raw, "省", "省份"),
        receiver_city=pick(raw, "市", "城市"),
        customer_key=legible(pick(raw, "买家昵称", "买家昵称(脱敏)")),
        receiver_hash=identity(pick(raw, "收货人", "收货人姓名"), pick(raw, "手机", "联系电话")),
        buyer_memo=pick(raw, "买家留言"),
        seller_memo=pick(raw, "商家备注"),
    )


def _items(raw: pa.Table) -> pa.Table:
    return landed(
        raw,
        sub_order_no=pick(raw, "订单号"),
        order_no=pick(raw, "订单号"),
        product_id=pick(raw, "商品id", "商品ID"),
        sku_id=pick(raw, "样式ID", "样式id"),
        merchant_code=pick(raw, "商家编码-规格维度", "商家编码-商品维度"),
        title=pick(raw, "商品"),
        spec=pick(raw, "商品规格"),
        qty=pick(raw, "商品数量(件)"),
        paid_amount=pick(raw, "用户实付金额(元)", "商家实收金额(元)"),
        refund_status=pick(raw, "售后状态"),
    )


def _shipments(raw: pa.Table) -> pa.Table:
    at, carrier, number = parcels(pick(raw, "快递单号"))
    rows = raw.take(at)
    return landed(
        rows,
        tracking_no=number,
        carrier=pc.coalesce(pick(rows, "快递公司"), carrier),
        order_no=pick(rows, "订单号"),
        direction=constant(rows, "out"),
        promised_ship_at=pick(rows, "承诺发货时间", "最晚发货时间"),
        shipped_at=pick(rows, "发货时间"),
    )


CONNECTOR = Connector(
    label="拼多多订单（拼多多商家后台 → 发货管理 → 订单查询 → 批量导出）",
    platform="pdd",
    header=frozenset({"订单号", "订单状态", "商品总价(元)", "商家实收金额(元)"}),
    convert=convert,
)
