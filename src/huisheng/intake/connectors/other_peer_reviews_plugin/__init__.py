"""The review plug-in's CSV with a column 竞品店铺: reviews of other shops' goods.

The header is not verified against a real export: expect to map columns the first time.
"""

from huisheng.intake.connector import Connector
from huisheng.intake.market_rows import peer_review_rows

CONNECTOR = Connector(
    label="评论插件导出的竞品评价（含 竞品店铺 列，不计入本店任何指标）",
    platform="other",
    header=frozenset({"评论内容", "追加评论", "评分", "用户昵称", "竞品店铺"}),
    convert=peer_review_rows,
)
