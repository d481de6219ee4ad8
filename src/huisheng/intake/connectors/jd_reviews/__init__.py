"""京麦 review export: one row per reviewed SKU, rated in stars."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.review_rows import review_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return reviews."""
    return {"reviews": review_rows(raw)}


CONNECTOR = Connector(
    label="京东商品评价（京麦 → 评价管理 → 商品评价 → 导出）",
    platform="jd",
    header=frozenset({"商品编号", "订单号", "评价时间", "评价内容"}),
    convert=convert,
)
