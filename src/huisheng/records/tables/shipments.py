"""包裹: the canonical `shipments` table."""

from huisheng.records.table import Table, code, instant, key, money, number

TABLE = Table(
    label="包裹",
    key=("tracking_no", "order_no"),
    anchor=("shipped_at", "promised_ship_at"),
    derived=frozenset({"stagnant_hours"}),
    columns=(
        key("tracking_no", "运单号"),
        code("carrier", "快递公司"),
        key("order_no", "主订单号"),
        code("direction", "out|return|exchange|resend"),
        code("warehouse", "仓库"),
        instant("promised_ship_at", "承诺发货时间"),
        instant("shipped_at", "发货时间"),
        instant("picked_at", "揽收时间"),
        instant("delivering_at", "派送时间"),
        instant("signed_at", "签收时间"),
        instant("returned_at", "退回时间"),
        instant("expected_at", "预计到达"),
        code("status", "created|picked|transit|delivering|signed|returned|exception"),
        number("weight", "重量千克"),
        money("cost", "运费"),
    ),
)
