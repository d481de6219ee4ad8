"""导入批次: the canonical `import_batches` table."""

from huisheng.records.table import Table, code, instant, integer, json, key

TABLE = Table(
    label="导入批次",
    key=("batch_id",),
    columns=(
        key("batch_id", "批次"),
        code("file", "文件"),
        code("file_hash", "文件指纹"),
        code("connector", "识别为"),
        code("encoding", "编码"),
        json("counts", "各表行数"),
        integer("rows_bad", "隔离行数"),
        code("mapping_id", "列映射"),
        instant("at", "时间"),
        json("written", "改动前后的数据版本，撤销时用"),
    ),
)
