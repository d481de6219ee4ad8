"""退款原因: the canonical `refund_reasons` table."""

from huisheng.records.table import Table, code, flag

TABLE = Table(
    label="退款原因",
    key=("code",),
    columns=(
        code("code", "原因"),
        code("category", "类目"),
        code("label", "标签"),
        flag("is_quality", "品质类"),
    ),
)
