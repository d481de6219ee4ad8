"""The log of a call centre, one row per call.

The header is not verified against a real export: expect to map columns the first time.
"""

from huisheng.intake.call_rows import phone_rows
from huisheng.intake.connector import Connector

CONNECTOR = Connector(
    label="电话记录（呼叫中心后台 → 通话记录 → 导出）",
    platform="other",
    header=frozenset({"呼叫类型", "主叫号码", "开始时间", "通话时长"}),
    convert=phone_rows,
)
