"""Disputes over refunds, one row each.

Where a row does not say who launched it, nobody is assumed here.
The header is not verified against a real export: expect to map columns the first time.
"""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.dispute_rows import Launched, dispute_rows

LAUNCHED = Launched("dispute", ("纠纷编号", "纠纷单号"), "")


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return the rows of `disputes`."""
    return {"disputes": dispute_rows(raw, LAUNCHED)}


CONNECTOR = Connector(
    label="纠纷列表（千牛 → 客户之声 → 平台求助明细 → 纠纷）",
    platform="tmall",
    header=frozenset({"纠纷编号", "订单编号", "发起方", "发起时间"}),
    convert=convert,
)
