"""Review rows out of exports whose headers vary more than those of any other export."""

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    flag,
    joined,
    landed,
    matches,
    pick,
    recode,
    where,
)
from huisheng.intake.connector import KEYED
from huisheng.intake.platform_words import REVIEW_TYPE, STARS

_SCORE = ("评分", "评价星级", "星级", "评价等级", "评价结果", "评价类型", "描述相符", "商品评分")
_HAS_STARS = r"^[1-5一二两三四五](\.0+)?\s*[星分颗]?$|^[1-5一二两三四五]星"
_DEFAULT = (
    "默认好评|默认评价|没有填写评[价论]|未填写评[价论]|未及时(主动)?评价|系统评价|该用户觉得商品"
    "|^用户未(主动)?评价"
)
_NOTHING = r"^(无|否|没有|0|0\.0)$"


def review_rows(raw: pa.Table) -> pa.Table:
    """Return `reviews`.

    A review that the export does not number is named by its order and product, which have one
    review each; where there is no order either, by a key made of the nick, the day, the SKU, the
    score and the words.
    """
    score = pick(raw, *_SCORE)
    content = pick(raw, "评价内容", "评论内容", "初评内容", "首评内容")
    return landed(
        raw,
        review_no=_number(raw),
        order_no=_order(raw),
        sub_order_no=pick(raw, "子订单编号", "子订单号"),
        product_id=_product(raw),
        score_product=_stars(pc.coalesce(pick(raw, "描述相符", "商品评分"), score)),
        score_logistics=_stars(pick(raw, "物流服务", "物流评分", "物流速度")),
        score_service=_stars(pick(raw, "服务态度", "服务评分", "卖家服务")),
        type=_type(score),
        content=content,
        append_content=pick(raw, "追评内容", "追加评论", "追加评价", "追评"),
        has_image=_any(raw, "图片", "评价图片", "晒图", "是否晒单", "是否有图"),
        has_video=_any(raw, "视频", "评价视频", "是否有视频"),
        created_at=pick(raw, "评价时间", "日期", "评论时间"),
        append_at=pick(raw, "追评时间", "追加评论时间", "追加时间"),
        reply=pick(raw, "商家回复", "回复内容", "回复", "卖家解释", "解释"),
        reply_at=pick(raw, "回复时间", "商家回复时间", "解释时间"),
        is_default=flag(matches(content, _DEFAULT)),
        nick_masked=pick(
            raw, "评价者(匿名)", "评价者", "用户昵称", "买家昵称", "评价人", "客户账号"
        ),
        **{KEYED + "review_no": _said(raw, content)},
    )


def _order(raw: pa.Table) -> pa.Array:
    return pick(raw, "订单编号", "订单号", "主订单编号")


def _product(raw: pa.Table) -> pa.Array:
    return pick(raw, "商品ID", "商品id", "商品编号", "宝贝ID", "宝贝id")


def _number(raw: pa.Table) -> pa.Array:
    order = _order(raw)
    item = pc.coalesce(
        pick(raw, "子订单编号", "子订单号"), joined("-", order, _product(raw)), order
    )
    return pc.coalesce(pick(raw, "评价编号", "评价ID", "评价id", "评论ID"), item)


def _said(raw: pa.Table, content: pa.Array) -> pa.Array:
    """Return who said what when, for reviews of which the day is known."""
    who = pick(raw, "用户昵称", "评价者", "评价者(匿名)")
    when = pick(raw, "评价时间", "日期", "评论时间")
    parts = (who, when, pick(raw, "SKU", "sku"), pick(raw, *_SCORE), content)
    told = pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), "|")
    return where(pc.is_valid(when), told)


def _stars(scores: pa.Array) -> pa.Array:
    return where(matches(scores, _HAS_STARS), recode(scores, STARS))


def _type(scores: pa.Array) -> pa.Array:
    kind = recode(scores, REVIEW_TYPE)
    return where(pc.is_in(kind, value_set=pa.array(["good", "mid", "bad"])), kind)


def _any(raw: pa.Table, *headers: str) -> pa.Array:
    """Return whether a cell holds links or a count; unknown where the export has no such column."""
    cells = pick(raw, *headers)
    there = flag(pc.fill_null(pc.invert(matches(cells, _NOTHING)), False))
    return there if set(headers) & set(raw.column_names) else cells
