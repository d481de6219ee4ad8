"""The shop's list of SKUs, one row per colour and size.

The header is not verified against a real export: expect to map columns the first time.
"""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.columns import extract, known, landed, one_per, pick
from huisheng.intake.connector import Connector

_COLOR = r"颜色[^:：;；]*[:：]\s*(?P<found>[^;；]+)"
_SIZE = r"(?:尺码|尺寸|鞋码)[^:：;；]*[:：]\s*(?P<found>[^;；]+)"


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the SKUs, and the goods they belong to where the list names them."""
    spec = pick(raw, "销售属性", "规格", "颜色尺码", "商品属性")
    skus = landed(
        raw,
        sku_id=pick(raw, "SKUID"),
        product_id=pick(raw, "商品ID", "宝贝ID"),
        merchant_code=pick(raw, "SKU商家编码", "商家编码", "规格编码"),
        spec=spec,
        size=extract(spec, _SIZE, "found"),
        color=extract(spec, _COLOR, "found"),
        price=pick(raw, "价格", "SKU价格", "销售价"),
        cost=pick(raw, "成本价", "成本"),
        stock=pick(raw, "库存", "SKU库存"),
    )
    title = pick(raw, "商品标题", "宝贝标题")
    goods = known(landed(raw, product_id=pick(raw, "商品ID", "宝贝ID"), title=title), "title")
    return {"skus": skus, "products": known(one_per(goods, "product_id"), "product_id")}


CONNECTOR = Connector(
    label="规格列表（千牛 → 商品 → 我的宝贝 → 批量导出 SKU）",
    platform="tmall",
    header=frozenset({"商品ID", "SKUID", "价格"}),
    convert=convert,
)
