"""千牛 review export: one row per reviewed item."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.review_rows import review_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return reviews."""
    return {"reviews": review_rows(raw)}


CONNECTOR = Connector(
    label="淘宝天猫评价（千牛 → 交易 → 评价管理 → 导出）",
    platform="taobao",
    header=frozenset({"订单编号", "评价时间", "评价内容"}),
    convert=convert,
)
