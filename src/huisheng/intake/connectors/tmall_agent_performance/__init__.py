"""生意参谋 service performance, per agent: sheet 数据信息."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.agent_rows import agent_rows
from huisheng.intake.columns import pick
from huisheng.intake.connector import Connector

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "received_customers": ("有效接待人数",),
    "inquiry_customers": ("询单人数",),
    "ordering_customers": ("下单人数",),
    "ordered_amount": ("下单金额",),
    "paying_customers": ("销售人数",),
    "sales_amount": ("销售额",),
    "sales_qty": ("销售量",),
    "sales_orders": ("订单量",),
    "sales_share": ("个人销售额占比",),
    "refunded_amount": ("成功退款金额",),
    "net_sales_amount": ("净销售额",),
    "inquiry_conversion_rate": ("询单转化率",),
    "satisfaction_rate": ("客户满意率",),
    "reply_rate": ("旺旺回复率",),
    "refund_only_hours": ("仅退款自主完结时长(小时)", "仅退款自主完结时长"),
    "return_refund_hours": ("退货退款完结时长(小时)", "退货退款完结时长"),
    "help_rate": ("平台求助率",),
    "liability_rate": ("平台判责率",),
}
"""Canonical column → header, as the export writes them in full."""


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return one report row per account and day, and the accounts."""
    tables = dict(agent_rows(raw, "旺旺昵称"))
    for column, headers in COLUMNS.items():
        tables["agent_reports"] = tables["agent_reports"].append_column(column, pick(raw, *headers))
    return tables


CONNECTOR = Connector(
    label="生意参谋客服绩效（生意参谋 → 服务 → 客服绩效 → 下载，工作表「数据信息」）",
    platform="tmall",
    header=frozenset({"旺旺昵称", "咨询人数", "有效接待人数"}),
    convert=convert,
)
