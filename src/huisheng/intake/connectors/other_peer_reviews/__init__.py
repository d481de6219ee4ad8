"""Reviews of other shops' goods, told from one's own by the column 竞品店铺.

The header is not verified against a real export: expect to map columns the first time.
"""

from huisheng.intake.connector import Connector
from huisheng.intake.market_rows import peer_review_rows

CONNECTOR = Connector(
    label="竞品评价（含 竞品店铺 列，不计入本店任何指标）",
    platform="other",
    header=frozenset({"竞品店铺"}),
    convert=peer_review_rows,
)
