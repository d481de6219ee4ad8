"""生意参谋's ranking of a market: the best sellers of a category, whose ever they are.

The header is not verified against a real export: expect to map columns the first time.
"""

from huisheng.intake.connector import Connector
from huisheng.intake.market_rows import market_item_rows

CONNECTOR = Connector(
    label="市场商品排行（生意参谋 → 市场 → 市场排行 → 商品 → 下载）",
    platform="tmall",
    header=frozenset({"商品ID", "店铺名称", "行业排名"}),
    convert=market_item_rows,
)
