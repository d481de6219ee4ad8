"""千牛 service report, per agent: sheets 按客服查看 and 旺旺账号咨询接待能力明细."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.agent_rows import agent_rows
from huisheng.intake.connector import Connector


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return one report row per account and day, and the accounts."""
    return agent_rows(raw, "旺旺账号名称")


CONNECTOR = Connector(
    label="旺旺客服报表（千牛 → 客户之声 → 服务报表 → 按客服查看 / 旺旺账号咨询接待能力明细）",
    platform="tmall",
    header=frozenset({"旺旺账号名称"}),
    convert=convert,
)
