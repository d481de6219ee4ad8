"""活动: the canonical `campaigns` table."""

from huisheng.records.table import Table, code, instant, integer, key

TABLE = Table(
    label="活动",
    key=("campaign_id",),
    columns=(
        key("campaign_id", "活动编号"),
        code("name", "名称"),
        code("phase", "pre|deposit|final|live|post"),
        instant("start_at", "开始"),
        instant("end_at", "结束"),
        code("stack_mode", "sequential|parallel"),
        integer("price_protect_days", "价保天数"),
    ),
)
