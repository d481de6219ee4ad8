"""Review CSV of a browser plug-in, which copies the reviews of a product page."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.review_rows import review_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return reviews; the page numbers none of them and shows no order."""
    return {"reviews": review_rows(raw)}


CONNECTOR = Connector(
    label="评论插件导出的 CSV（商品页评论，含 评论内容、追加评论、评分）",
    platform="other",
    header=frozenset({"评论内容", "追加评论", "评分", "用户昵称"}),
    convert=convert,
)
