"""知识: the canonical `knowledge` table."""

from huisheng.records.table import (
    Table,
    code,
    flag,
    instant,
    integer,
    json,
    key,
    masked,
    masked_json,
)

TABLE = Table(
    label="知识",
    key=("k_id",),
    columns=(
        key("k_id", "知识编号"),
        code("kind", "类型"),
        code("scene_id", "场景"),
        masked("question", "问题"),
        masked_json("similar", "相似问法"),
        masked("answer", "答案"),
        json("answer_images", "图片"),
        json("scope_product", "适用商品"),
        json("scope_category", "适用类目"),
        json("scope_group", "适用组"),
        instant("valid_from", "生效"),
        instant("valid_to", "失效"),
        integer("priority", "优先级"),
        flag("enabled", "启用"),
        flag("transfer_human", "转人工"),
        json("ask_slots", "追问"),
        code("owner", "负责人"),
        code("version", "版本"),
        instant("updated_at", "更新时间"),
    ),
)
