"""抖店 order export: one row per sub-order, which is one SKU of an order."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    flag,
    identity,
    is_nothing,
    known,
    landed,
    legible,
    matches,
    one_per,
    parcels,
    pick,
    recode,
    total,
    where,
)
from huisheng.intake.connector import Connector
from huisheng.intake.platform_words import ORDER_STATUS

MONEY = frozenset(
    {"total_amount", "pay_amount", "shipping_fee", "discount_total", "platform_subsidy"}
)
"""Every amount stands on the sub-order it belongs to, so an order's is their sum."""
PROGRESS = (
    ("待付款", "1待付款"),
    ("待发货", "2待发货"),
    ("已发货", "3已发货"),
    ("交易成功", "4交易成功"),
    ("交易关闭", "5交易关闭"),
)
"""An order is as far as its slowest sub-order; it is closed when all of them are."""


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return one order per main order number, one item per sub-order, and parcels."""
    return {"orders": _orders(raw), "order_items": _items(raw), "shipments": _shipments(raw)}


def _orders(raw: pa.Table) -> pa.Table:
    orders = one_per(_sub_orders(raw), "order_no", summed=MONEY, least={"status"})
    status = pc.replace_substring_regex(orders["status"], r"^\d", "")
    ends = {"confirmed_at": "交易成功", "closed_at": "交易关闭"}
    known_as = {name: where(pc.equal(status, word), orders[name]) for name, word in ends.items()}
    kept = {name: orders[name] for name in orders.column_names}
    return pa.table(kept | known_as | {"status": status})


def _sub_orders(raw: pa.Table) -> pa.Table:
    status = recode(pick(raw, "订单状态"), ORDER_STATUS)
    return landed(
        raw,
        order_no=pick(raw, "主订单编号"),
        status=recode(status, PROGRESS),
        total_amount=pick(raw, "商品金额"),
        pay_amount=pick(raw, "订单应付金额"),
        shipping_fee=pick(raw, "运费"),
        discount_total=pick(raw, "优惠总金额"),
        platform_subsidy=pick(raw, "平台实际承担优惠金额", "平台优惠"),
        is_presale=flag(matches(pick(raw, "订单类型"), "预售")),
        promised_ship_at=pick(raw, "承诺发货时间"),
        created_at=pick(raw, "订单提交时间"),
        paid_at=pick(raw, "支付完成时间"),
        shipped_at=pick(raw, "发货时间"),
        confirmed_at=pick(raw, "订单完成时间"),
        closed_at=pick(raw, "订单完成时间"),
        close_reason=pick(raw, "取消原因"),
        receiver_province=pick(raw, "省"),
        receiver_city=pick(raw, "市"),
        customer_key=legible(pick(raw, "买家昵称", "用户昵称")),
        receiver_hash=identity(pick(raw, "收件人"), pick(raw, "收件人手机号")),
        buyer_memo=pick(raw, "买家留言"),
        seller_memo=pick(raw, "商家备注"),
        flag_color=pick(raw, "旗帜颜色"),
        source=pick(raw, "流量来源", "APP渠道"),
    )


def _items(raw: pa.Table) -> pa.Table:
    discounts = [pick(raw, f"{who}实际承担优惠金额") for who in ("平台", "商家", "达人")]
    borne = total(*discounts)
    return landed(
        raw,
        sub_order_no=pick(raw, "子订单编号"),
        order_no=pick(raw, "主订单编号"),
        product_id=pick(raw, "商品ID", "商品id"),
        merchant_code=pick(raw, "商家编码", "货号"),
        title=pick(raw, "选购商品", "商品名称"),
        spec=pick(raw, "商品规格"),
        qty=pick(raw, "商品数量"),
        unit_price=pick(raw, "商品单价"),
        paid_amount=pick(raw, "订单应付金额"),
        discount_share=pc.coalesce(pick(raw, "优惠总金额"), borne),
        is_gift=flag(is_nothing(pick(raw, "商品单价", "商品金额"))),
        refund_status=pick(raw, "售后状态"),
    )


def _shipments(raw: pa.Table) -> pa.Table:
    at, carrier, number = parcels(pick(raw, "快递信息"))
    rows = raw.take(at)
    parcel = landed(
        rows,
        tracking_no=number,
        carrier=carrier,
        order_no=pick(rows, "主订单编号"),
        direction=constant(rows, "out"),
        warehouse=legible(pick(rows, "仓库名称")),
        promised_ship_at=pick(rows, "承诺发货时间"),
        shipped_at=pick(rows, "发货时间"),
        expected_at=pick(rows, "预计送达时间"),
    )
    return known(parcel, "order_no")


CONNECTOR = Connector(
    label="抖店订单（抖店 → 订单 → 订单管理 → 导出）",
    platform="douyin",
    header=frozenset({"主订单编号", "子订单编号", "选购商品", "订单应付金额", "订单提交时间"}),
    convert=convert,
    together="主订单编号",
)
