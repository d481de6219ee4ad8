"""标签: the canonical `labels` table."""

from huisheng.records.table import Table, code, instant, integer, key, number

TABLE = Table(
    label="标签",
    key=("table_name", "row_id", "head", "label", "source", "version"),
    anchor=("at",),
    columns=(
        code("table_name", "被标注的表"),
        key("row_id", "被标注的行"),
        code("head", "scene|aspect|sentiment|emotion|risk"),
        code("label", "标签编号"),
        integer("value", "取值：方面与情感为极性，情绪为级别"),
        number("p", "概率"),
        code("source", "rule|model|llm|human"),
        code("version", "模型或规则版本"),
        instant("at", "被标注行的时间"),
    ),
)
