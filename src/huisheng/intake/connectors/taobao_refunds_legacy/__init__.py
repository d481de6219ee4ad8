"""Taobao refund report, old version of 40 columns: one row per refund, with 是否需要退货."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.refund_rows import TAOBAO, refund_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return refunds and the parcels that went out and came back."""
    return refund_rows(raw, TAOBAO)


CONNECTOR = Connector(
    label="淘宝旧版退款报表（卖家中心 → 退款管理 → 导出）",
    platform="taobao",
    header=frozenset({"退款编号", "订单编号", "是否需要退货", "退款的申请时间"}),
    convert=convert,
)
