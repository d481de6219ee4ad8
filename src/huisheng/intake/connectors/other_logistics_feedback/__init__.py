"""Public delivery feedback of a wholesaler: one row per order line, with the buyer's verdict."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import (
    constant,
    extract,
    joined,
    known,
    landed,
    one_per,
    pick,
    recode,
    where,
)
from huisheng.intake.connector import Connector

VERDICT = (("拒货|返修", "bad"), ("合格", "good"))
RETURNED = (("拒货", "returned"), ("合格|返修", "signed"))
_DECIMAL_COMMA = r"^\s*(\d+),(\d{1,2})\s*(万?)元\s*$"
_TEN_THOUSAND = r"^(?P<found>\d+\.\d+)万$"


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return orders, their lines, the delivery of each line and what the buyer said of it."""
    lines = one_per(_lines(raw), "sub_order_no")
    orders = known(lines.drop_columns(["sub_order_no"]), "order_no")
    return {
        "order_items": _items(raw),
        "orders": one_per(orders, "order_no", summed={"total_amount"}),
        "shipments": known(_shipments(raw), "tracking_no"),
        "reviews": known(_reviews(raw), "review_no"),
    }


def _lines(raw: pa.Table) -> pa.Table:
    return landed(
        raw,
        sub_order_no=_line_no(raw),
        order_no=pick(raw, "订单号"),
        total_amount=_amount(raw),
        created_at=pick(raw, "销售时间"),
        receiver_province=pick(raw, "销售区域"),
    )


def _items(raw: pa.Table) -> pa.Table:
    feedback = pick(raw, "货品用户反馈")
    return landed(
        raw,
        sub_order_no=_line_no(raw),
        order_no=pick(raw, "订单号"),
        title=pick(raw, "货品"),
        qty=pick(raw, "数量"),
        paid_amount=_amount(raw),
        refund_status=where(pc.not_equal(feedback, "质量合格"), feedback),
    )


def _shipments(raw: pa.Table) -> pa.Table:
    # The file knows no parcel number; a line is delivered as a whole, so the line names it.
    return landed(
        raw,
        tracking_no=_line_no(raw),
        order_no=pick(raw, "订单号"),
        direction=constant(raw, "out"),
        shipped_at=pick(raw, "销售时间"),
        signed_at=pick(raw, "交货时间"),
        status=recode(pick(raw, "货品用户反馈"), RETURNED),
        **{"ext.货品交货状况": pick(raw, "货品交货状况")},
    )


def _reviews(raw: pa.Table) -> pa.Table:
    feedback = pick(raw, "货品用户反馈")
    return landed(
        raw,
        review_no=_line_no(raw),
        order_no=pick(raw, "订单号"),
        sub_order_no=_line_no(raw),
        type=recode(feedback, VERDICT),
        content=pc.coalesce(joined("，", feedback, pick(raw, "货品交货状况")), feedback),
        created_at=pick(raw, "交货时间"),
    )


def _line_no(raw: pa.Table) -> pa.Array:
    return pc.binary_join_element_wise(pick(raw, "订单号"), pick(raw, "订单行"), "-")


def _amount(raw: pa.Table) -> pa.Array:
    # `1052,75元` has a decimal comma: two digits follow it in every row. 万 is ten thousand.
    plain = pc.replace_substring_regex(pick(raw, "销售金额"), _DECIMAL_COMMA, r"\1.\2\3")
    ten_thousands = pc.cast(extract(plain, _TEN_THOUSAND, "found"), pa.decimal128(18, 2))
    yuan = pc.multiply(ten_thousands, pa.scalar(10_000, pa.decimal128(5, 0)))
    return pc.coalesce(pc.cast(yuan, pa.string()), plain)


CONNECTOR = Connector(
    label="公开物流反馈表（订单号、订单行、交货时间、货品交货状况、货品用户反馈）",
    platform="other",
    header=frozenset({"订单号", "订单行", "交货时间", "货品交货状况", "货品用户反馈"}),
    convert=convert,
    together="订单号",
)
