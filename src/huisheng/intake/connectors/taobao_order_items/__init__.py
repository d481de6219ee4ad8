"""千牛 item report: one row per sub-order."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import constant, flag, is_nothing, known, landed, parcels, pick
from huisheng.intake.connector import Connector


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return order items and, where the report was exported with logistics, their parcels."""
    return {"order_items": _items(raw), "shipments": _shipments(raw)}


def _items(raw: pa.Table) -> pa.Table:
    price = pick(raw, "商品价格", "价格")
    return landed(
        raw,
        sub_order_no=pick(raw, "子订单编号"),
        order_no=pick(raw, "主订单编号"),
        product_id=pick(raw, "商品ID", "商品id"),
        sku_id=pick(raw, "SKUID", "SKUId"),
        merchant_code=pick(raw, "商家编码", "外部系统编号"),
        title=pick(raw, "商品标题", "宝贝标题", "标题"),
        spec=pick(raw, "商品属性", "商品属性SKU"),
        qty=pick(raw, "购买数量"),
        unit_price=price,
        paid_amount=pick(raw, "买家实付金额", "买家实际支付金额"),
        is_gift=flag(is_nothing(price)),
        refund_status=pick(raw, "退款状态"),
    )


def _shipments(raw: pa.Table) -> pa.Table:
    at, carrier, number = parcels(pick(raw, "物流单号"))
    rows = raw.take(at)
    parcel = landed(
        rows,
        tracking_no=number,
        carrier=pc.coalesce(pick(rows, "物流公司"), carrier),
        order_no=pick(rows, "主订单编号"),
        direction=constant(rows, "out"),
        promised_ship_at=pick(rows, "应发货时间"),
        shipped_at=pick(rows, "发货时间"),
    )
    return known(parcel, "order_no")


CONNECTOR = Connector(
    label="千牛宝贝报表（千牛 → 交易 → 已卖出的宝贝 → 批量导出 → 宝贝报表）",
    platform="taobao",
    header=frozenset({"子订单编号", "主订单编号", "购买数量", "订单状态", "商品价格"}),
    convert=convert,
)
