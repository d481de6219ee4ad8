"""The goods file of an ERP (聚水潭, 吉客云 …), which knows what each SKU costs.

The header is not verified against a real export: expect to map columns the first time. An ERP
numbers SKUs by the merchant's code; where it knows the platform's number too, that one is the key.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import landed, pick
from huisheng.intake.connector import Connector


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the SKUs with price and cost."""
    code = pick(raw, "商品编码", "SKU编码", "货品编码")
    return {
        "skus": landed(
            raw,
            sku_id=pc.coalesce(pick(raw, "SKUID", "平台SKUID", "线上规格ID"), code),
            product_id=pick(raw, "平台商品ID", "线上商品ID"),
            merchant_code=code,
            spec=pick(raw, "颜色规格", "颜色及规格", "规格"),
            size=pick(raw, "尺码"),
            color=pick(raw, "颜色"),
            price=pick(raw, "基本售价"),
            cost=pick(raw, "成本价"),
            stock=pick(raw, "可用库存", "库存", "实际库存数"),
        )
    }


CONNECTOR = Connector(
    label="ERP 商品资料与成本（聚水潭、吉客云等 → 商品资料 → 导出）",
    platform="other",
    header=frozenset({"商品编码", "基本售价", "成本价"}),
    convert=convert,
)
