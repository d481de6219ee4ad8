"""A list of competitors' goods, kept by hand or by a plug-in.

The header is not verified against a real export: expect to map columns the first time.
"""

from huisheng.intake.connector import Connector
from huisheng.intake.market_rows import market_item_rows

CONNECTOR = Connector(
    label="竞品商品表（插件或手工登记，含 竞品店铺、价格）",
    platform="other",
    header=frozenset({"竞品店铺", "价格"}),
    convert=market_item_rows,
)
