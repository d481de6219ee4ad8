"""店铺: the canonical `shops` table."""

from huisheng.records.table import Column, Kind, Table, code, json

TABLE = Table(
    label="店铺",
    key=(),
    columns=(
        Column("name", Kind.TEXT, "店铺名称"),
        code("category", "主营类目"),
        code("timezone", "时区"),
        code("work_start", "上班时间"),
        code("work_end", "下班时间"),
        json("config", "店铺配置"),
    ),
)
