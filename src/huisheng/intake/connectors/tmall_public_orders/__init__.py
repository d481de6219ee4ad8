"""Public order table of a Tmall shop: seven columns, one row per order, refunds as an amount."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import city, constant, is_nothing, joined, landed, pick, province
from huisheng.intake.connector import Connector


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return orders, and a refund without a date for each order with money given back."""
    return {"orders": _orders(raw), "refunds": _refunds(raw)}


def _orders(raw: pa.Table) -> pa.Table:
    address = pick(raw, "收货地址")
    return landed(
        raw,
        order_no=pick(raw, "订单编号"),
        total_amount=pick(raw, "总金额"),
        pay_amount=pick(raw, "买家实际支付金额"),
        created_at=pick(raw, "订单创建时间"),
        paid_at=pick(raw, "订单付款时间"),
        receiver_province=province(address),
        receiver_city=city(address),
    )


def _refunds(raw: pa.Table) -> pa.Table:
    # The table numbers no refund: an order has one amount given back, so the order names it.
    order_no = pick(raw, "订单编号")
    amount = pick(raw, "退款金额")
    refunds = landed(
        raw,
        refund_no=joined("-", order_no, constant(raw, "退款")),
        order_no=order_no,
        amount=amount,
        refund_amount=amount,
        status=constant(raw, "success"),
    )
    return refunds.filter(pc.fill_null(pc.invert(is_nothing(amount)), False))


CONNECTOR = Connector(
    label="公开天猫订单表（订单编号、总金额、买家实际支付金额、退款金额 等七列）",
    platform="tmall",
    header=frozenset({"订单编号", "总金额", "收货地址", "退款金额"}),
    convert=convert,
)
