"""The log of what buyers settled by themselves, one row per use.

The header is not verified against a real export: expect to map columns the first time.
"""

from huisheng.intake.call_rows import self_service_rows
from huisheng.intake.connector import Connector

CONNECTOR = Connector(
    label="自助服务记录（自助服务或机器人后台 → 使用记录 → 导出）",
    platform="other",
    header=frozenset({"自助服务项", "开始时间"}),
    convert=self_service_rows,
)
