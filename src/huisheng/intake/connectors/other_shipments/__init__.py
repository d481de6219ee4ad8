"""Shipments as an ERP (聚水潭, 吉客云 …) exports them: one row per parcel and SKU.

Verified are only 平台订单号, 仓库, 发货时间, 快递单号, SKU 编码 and 成本; expect to map the rest.
成本 is the cost of one piece of the SKU, so it lands with the SKU; a parcel's own cost is its
freight.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from huisheng.intake.columns import known, landed, one_per, pick, recode, where
from huisheng.intake.connector import Connector

DIRECTION = (("退货|退回", "return"), ("换货", "exchange"), ("补发|补寄|重发", "resend"))
STATUS = (
    ("签收|妥投", "signed"),
    ("派送|派件", "delivering"),
    ("揽收|揽件", "picked"),
    ("退回|拒收|退签", "returned"),
    ("异常|疑难|滞留|丢", "exception"),
    ("运输|在途|已发货", "transit"),
    ("待发|已打单|未发", "created"),
)
_DIRECTIONS = pa.array([code for _, code in DIRECTION])
_BETWEEN_ORDERS = r"[,，;；|、\s]+"


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the parcels, one row per order inside, and what the SKUs cost."""
    return {"shipments": _shipments(raw), "skus": _skus(raw)}


def _shipments(raw: pa.Table) -> pa.Table:
    # Several orders of one buyer leave in one parcel; its freight is paid once.
    orders = pc.split_pattern_regex(pick(raw, "平台订单号", "线上订单号"), _BETWEEN_ORDERS)
    at = pc.list_parent_indices(orders)
    first = pc.fill_null(pc.not_equal(at, _before(at)), True)
    rows = raw.take(at)
    kind = recode(pick(rows, "单据类型", "发货类型", "订单类型"), DIRECTION)
    freight = pick(rows, "快递费", "运费", "运费成本", "实际运费")
    return landed(
        rows,
        tracking_no=pick(rows, "快递单号", "物流单号"),
        carrier=pick(rows, "快递公司", "物流公司"),
        order_no=pc.list_flatten(orders),
        direction=pc.coalesce(where(pc.is_in(kind, value_set=_DIRECTIONS), kind), "out"),
        warehouse=pick(rows, "仓库", "发货仓", "发货仓库"),
        promised_ship_at=pick(rows, "承诺发货时间", "最晚发货时间"),
        shipped_at=pick(rows, "发货时间", "出库时间"),
        picked_at=pick(rows, "揽收时间"),
        signed_at=pick(rows, "签收时间"),
        status=recode(pick(rows, "物流状态", "快递状态", "发货状态"), STATUS),
        weight=pick(rows, "重量", "实际重量", "重量(kg)"),
        cost=where(first, freight),
    )


def _before(at: pa.Array) -> pa.Array:
    """Return each element's predecessor, null before the first."""
    return pa.concat_arrays([pa.nulls(min(1, len(at)), at.type), at[:-1]])


def _skus(raw: pa.Table) -> pa.Table:
    code = pick(raw, "SKU编码", "商品编码", "规格编码")
    skus = landed(
        raw, sku_id=code, merchant_code=code, cost=pick(raw, "成本", "成本价", "单位成本")
    )
    return known(one_per(known(skus, "cost"), "sku_id"), "sku_id")


CONNECTOR = Connector(
    label="ERP 发货单（聚水潭、吉客云等 → 发货 / 出库单 → 导出，含仓库、快递单号）",
    platform="other",
    header=frozenset({"平台订单号", "仓库", "发货时间", "快递单号"}),
    convert=convert,
)
