"""Parcel tracks as a table: one row per event."""

from collections.abc import Mapping

import pyarrow as pa

from huisheng.intake.connector import Connector
from huisheng.intake.track_rows import track_rows


def convert(raw: pa.Table) -> Mapping[str, pa.Table]:
    """Return parcel events and what they say of each parcel."""
    return track_rows(raw)


CONNECTOR = Connector(
    label="物流轨迹表（快递100 / 菜鸟 / ERP 导出，每行一个轨迹节点）",
    platform="other",
    header=frozenset({"单号", "公司编码", "context", "time"}),
    convert=convert,
    together="单号",
)
