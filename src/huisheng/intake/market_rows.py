"""Rows about other shops: their goods, their reviews. They land in tables of their own."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import extract, landed, per_distinct, pick, where
from huisheng.intake.connector import KEYED, ROW
from huisheng.intake.review_rows import review_rows

_ITEM = ("竞品商品ID", "竞品ID", "商品ID", "商品id", "宝贝ID", "商品编号")
_SHOP = ("竞品店铺", "店铺名称", "店铺")
_TITLE = ("竞品标题", "竞品名称", "商品标题", "商品名称", "宝贝标题")
_ABOUT = r"^\D{0,4}(?P<found>\d+(?:,\d{3})*(?:\.\d+)?)\s*[万亿wW]?\+?\s*[件人条笔]?(?:付款|收货)?$"
_UNIT = r"\d\s*(?P<found>[万亿wW])"
_TIMES = (("亿", 100_000_000), ("万", 10_000), ("w", 10_000), ("W", 10_000))
_TAKEN = ("review_no", "content", "append_content", "has_image", "created_at", "append_at", "reply",
          "nick_masked", KEYED + "review_no")  # fmt: skip


def market_item_rows(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return `market_items`; numbers shown as `1.5万+` become the whole number they stand for."""
    return {
        "market_items": landed(
            raw,
            item_id=pick(raw, *_ITEM),
            observed_on=pick(raw, "统计日期", "日期", "观察日期", "采集时间"),
            peer_shop=pick(raw, *_SHOP),
            title=pick(raw, *_TITLE),
            category=pick(raw, "类目", "类目路径", "叶子类目"),
            rank=pick(raw, "行业排名", "排名"),
            price=_lowest(pick(raw, "到手价", "券后价", "成交价", "价格")),
            list_price=_lowest(pick(raw, "一口价", "吊牌价", "原价")),
            sales_qty=about(pick(raw, "销量", "月销量", "支付件数", "付款人数")),
            review_count=about(pick(raw, "评价数", "累计评价", "评论数")),
            good_rate=pick(raw, "好评率"),
            trade_index=pick(raw, "交易指数"),
            traffic_index=pick(raw, "流量指数"),
            search_index=pick(raw, "搜索指数", "搜索人气"),
        )
    }


def peer_review_rows(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return `peer_reviews`: the reviews of other shops' goods, never in `reviews`."""
    read = review_rows(raw)
    columns = {name: read[name] for name in read.column_names if name in _TAKEN}
    rows = landed(
        raw,
        item_id=pick(raw, *_ITEM),
        peer_shop=pick(raw, *_SHOP),
        title=pick(raw, *_TITLE),
        spec=pick(raw, "SKU", "规格", "商品规格"),
        score=read["score_product"],
        type=read["type"],
        **{name: values for name, values in columns.items() if name != ROW},
    )
    return {"peer_reviews": rows}


def about(counts: pa.Array) -> pa.Array:
    """Return the whole number that a shop window's `2000+人付款` or `1.5万+` stands for.

    What does not read like a number stays as it is, for intake to refuse.
    """
    return per_distinct(counts, _about)


def _about(counts: pa.Array) -> pa.Array:
    digits = pc.replace_substring(extract(counts, _ABOUT, "found"), ",", "")
    unit = extract(counts, _UNIT, "found")
    times = pa.scalar(1, pa.int64())
    for word, value in _TIMES:
        times = pc.if_else(pc.fill_null(pc.equal(unit, word), False), value, times)
    whole = pc.cast(pc.round(pc.multiply(pc.cast(digits, pa.float64()), times)), pa.int64())
    return pc.coalesce(pc.cast(whole, pa.string()), counts)


def _lowest(prices: pa.Array) -> pa.Array:
    """Return the lower end of a price range such as `29.00-59.00`."""
    low = extract(prices, r"^\s*[¥￥]?\s*(?P<found>\d+(?:\.\d+)?)\s*[-~–]\s*[¥￥]?\s*\d", "found")
    return pc.coalesce(low, where(pc.is_valid(prices), prices))
