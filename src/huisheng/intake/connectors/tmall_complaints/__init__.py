"""Buyers' complaints to the platform, one row each.

Who launched one is rarely shown: a complaint is a buyer's.
The header is not verified against a real export: expect to map columns the first time.
"""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.dispute_rows import Launched, dispute_rows

LAUNCHED = Launched("complaint", ("投诉编号", "投诉单号"), "consumer")


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the rows of `disputes`."""
    return {"disputes": dispute_rows(raw, LAUNCHED)}


CONNECTOR = Connector(
    label="投诉列表（千牛 → 客户之声 → 平台求助明细 → 投诉）",
    platform="tmall",
    header=frozenset({"投诉编号", "订单编号", "投诉时间"}),
    convert=convert,
)
