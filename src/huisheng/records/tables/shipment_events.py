"""物流轨迹: the canonical `shipment_events` table."""

from huisheng.records.table import Table, code, instant, integer, key, masked

TABLE = Table(
    label="物流轨迹",
    key=("tracking_no", "seq"),
    anchor=("time",),
    columns=(
        key("tracking_no", "运单号"),
        integer("seq", "顺序"),
        instant("time", "时间"),
        integer("state", "状态"),
        integer("sub_state", "高级状态"),
        masked("context", "节点描述"),
        code("location", "地点"),
        code("carrier", "快递公司"),
    ),
)
