"""千牛 refund report, new version: one row per refund, with 售后类型."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.refund_rows import TAOBAO, refund_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return refunds and the parcels that went out and came back."""
    return refund_rows(raw, TAOBAO)


CONNECTOR = Connector(
    label="千牛退款报表（千牛 → 交易 → 退款管理 → 批量导出）",
    platform="taobao",
    header=frozenset({"退款编号", "订单编号", "售后类型", "退款的申请时间", "退款状态"}),
    convert=convert,
)
