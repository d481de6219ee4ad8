"""生意参谋 service performance, per agent: sheet 数据信息."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.agent_rows import agent_rows
from huisheng.intake.connector import Connector


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return one report row per account and day, and the accounts."""
    return agent_rows(raw, "旺旺昵称")


CONNECTOR = Connector(
    label="生意参谋客服绩效（生意参谋 → 服务 → 客服绩效 → 下载，工作表「数据信息」）",
    platform="tmall",
    header=frozenset({"旺旺昵称", "咨询人数", "有效接待人数"}),
    convert=convert,
)
