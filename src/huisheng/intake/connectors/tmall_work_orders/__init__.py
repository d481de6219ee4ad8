"""Work orders that the platform sends a shop, one row each.

A shop's own tickets are called 工单 as well, so the full name is asked for.
The header is not verified against a real export: expect to map columns the first time.
"""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.dispute_rows import Launched, dispute_rows

LAUNCHED = Launched("work_order", ("协同工单编号",), "")


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the rows of `disputes`."""
    return {"disputes": dispute_rows(raw, LAUNCHED)}


CONNECTOR = Connector(
    label="协同工单列表（千牛 → 客户之声 → 平台求助明细 → 协同工单）",
    platform="tmall",
    header=frozenset({"协同工单编号", "工单类型"}),
    convert=convert,
)
