"""品质退款明细: refunds with the reason that the buyer gave first, which no refund report keeps.

The header is not verified against a real export: expect to map columns the first time. A detail
list without 首次退款原因 shows the current reason and is no such file.
"""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.refund_rows import TAOBAO, refund_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return refunds with their first reasons, and the parcels that the list tells of."""
    return refund_rows(raw, TAOBAO)


CONNECTOR = Connector(
    label="品质退款明细（千牛 → 客户之声 → 首次品退率 → 明细下载，含首次退款原因）",
    platform="tmall",
    header=frozenset({"退款编号", "订单编号", "首次退款原因"}),
    convert=convert,
)
