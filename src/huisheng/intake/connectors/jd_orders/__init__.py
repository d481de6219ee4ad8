"""京麦 order export: one row per SKU, the order's own columns repeated on each."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    city,
    flag,
    identity,
    is_nothing,
    landed,
    legible,
    one_per,
    pick,
    province,
    recode,
    where,
)
from huisheng.intake.connector import Connector
from huisheng.intake.platform_words import ORDER_STATUS


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return one order per order number and one item per SKU row."""
    return {"orders": one_per(_orders(raw), "order_no"), "order_items": _items(raw)}


def _orders(raw: pa.Table) -> pa.Table:
    # 订单金额, 应付金额 and 运费 belong to the order and stand on every row of it: taken once.
    address = pick(raw, "客户地址", "收货地址")
    status = recode(pick(raw, "订单状态"), ORDER_STATUS)
    return landed(
        raw,
        order_no=pick(raw, "订单号"),
        customer_key=legible(pick(raw, "下单帐号", "下单账号")),
        status=status,
        total_amount=pick(raw, "订单金额"),
        pay_amount=pick(raw, "应付金额", "结算金额"),
        shipping_fee=pick(raw, "运费金额", "运费"),
        created_at=pick(raw, "下单时间"),
        paid_at=pick(raw, "付款确认时间"),
        confirmed_at=where(pc.equal(status, "交易成功"), pick(raw, "订单完成时间")),
        receiver_province=province(address),
        receiver_city=city(address),
        receiver_hash=identity(pick(raw, "客户姓名"), pick(raw, "联系电话")),
        buyer_memo=pick(raw, "订单备注"),
        seller_memo=pick(raw, "商家备注"),
        flag_color=_memo_level(raw),
        source=pick(raw, "订单来源", "订单渠道"),
        **{"ext.余额支付": pick(raw, "余额支付")},
    )


def _memo_level(raw: pa.Table) -> pa.Array:
    # The header explains itself in brackets in some versions: 商家备注等级(等级1-5为由高到低).
    return pick(raw, *(name for name in raw.column_names if name.startswith("商家备注等级")))


def _items(raw: pa.Table) -> pa.Table:
    # The export numbers no sub-orders: intake names an item by its order and goods.
    price = pick(raw, "京东价")
    return landed(
        raw,
        order_no=pick(raw, "订单号"),
        product_id=pick(raw, "商品ID", "商品编号"),
        merchant_code=pick(raw, "货号"),
        title=pick(raw, "商品名称"),
        qty=pick(raw, "订购数量"),
        unit_price=price,
        is_gift=flag(is_nothing(price)),
    )


CONNECTOR = Connector(
    label="京东订单（京麦 → 订单管理 → 订单查询与跟踪 → 导出订单）",
    platform="jd",
    header=frozenset({"订单号", "商品ID", "订购数量", "京东价", "下单时间"}),
    convert=convert,
    together="订单号",
)
