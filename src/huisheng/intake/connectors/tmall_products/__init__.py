"""The shop's list of goods, one row per item.

The header is not verified against a real export: expect to map columns the first time.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import extract, landed, pick, recode
from huisheng.intake.connector import Connector

STATUS = (
    ("预售", "presale"),
    ("下架|仓库|售罄下架|停售", "off_sale"),
    ("出售中|在售|上架|售卖", "on_sale"),
)
_RANGE = r"^\s*[¥￥]?(?P<found>\d+(?:\.\d+)?)\s*[-~–]"


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the goods; of a range of prices the lower end is the item's."""
    price = pick(raw, "一口价", "吊牌价", "价格", "售价")
    return {
        "products": landed(
            raw,
            product_id=pick(raw, "商品ID", "宝贝ID"),
            merchant_code=pick(raw, "商家编码", "货号", "款号"),
            title=pick(raw, "商品标题", "宝贝标题"),
            category=pick(raw, "类目", "商品类目", "叶子类目"),
            status=recode(pick(raw, "商品状态"), STATUS),
            list_price=pc.coalesce(extract(price, _RANGE, "found"), price),
            warranty_days=pick(raw, "保修天数", "质保天数", "质保期"),
            on_sale_at=pick(raw, "上架时间", "首次上架时间"),
        )
    }


CONNECTOR = Connector(
    label="商品列表（千牛 → 商品 → 我的宝贝 → 导出）",
    platform="tmall",
    header=frozenset({"商品ID", "商品标题", "商品状态"}),
    convert=convert,
)
