"""标准表: every canonical table with its columns, key and privacy."""

from huisheng.records import Column, Kind, Privacy, Table, all_tables
from pages.markdown import code, codes, page_of, table

KINDS = {
    Kind.ID: "编号",
    Kind.CODE: "词",
    Kind.TEXT: "文字",
    Kind.JSON: "JSON",
    Kind.MONEY: "金额（文件中为元）",
    Kind.INSTANT: "时间",
    Kind.DATE: "日期",
    Kind.INTEGER: "整数",
    Kind.NUMBER: "小数",
    Kind.FLAG: "是否",
}
PRIVACIES = {
    Privacy.OPEN: "",
    Privacy.KEY: "原样保存，用于关联",
    Privacy.PSEUDONYM: "只存带密钥的散列",
    Privacy.MASKED: "脱敏后保存",
}


def page() -> str:
    """Return the page."""
    tables = all_tables()
    return page_of(
        "标准表",
        f"共 {len(tables)} 张标准表。文件名与表名相同（如 `orders.csv`、`orders_2026-08.xlsx`），"
        "或表头六成以上是下列列名，文件就按标准表读取。CSV（UTF-8 或 GB18030）、JSONL、Parquet、"
        "XLSX 都可以。多店铺的文件加 `shop_id` 列，或用 `--shop` 指定。",
        "金额在文件中写元，保存为整数分，列名加 `_fen`；时间按工作区时区读取，保存为 UTC 微秒。"
        "「保留首值」的列只记第一次见到的值，其余列取最新的非空值。"
        "表里没有的列存入 `ext`（脱敏后的 JSON）；看起来是个人信息的列不保存。",
        table(
            ("表", "名称", "主键"),
            [
                (f"[{name}](#{name})", each.label, codes(each.key) or "每店一行")
                for name, each in tables.items()
            ],
        ),
        *(_described(name, each) for name, each in tables.items()),
    )


def _described(name: str, each: Table) -> str:
    anchor = codes(each.anchor) or "没有，不按日期存放"
    derived = f"由系统计算、文件里有也不导入的列：{codes(sorted(each.derived))}。"
    parts = (
        f"## {name}",
        f"**{each.label}**。主键 {codes(each.key) or '店铺'}；归到哪一天看 {anchor}。",
        derived if each.derived else "",
        table(("列", "意思", "类型", "隐私", "保留首值"), map(_row, each.columns)),
    )
    return "\n\n".join(part for part in parts if part)


def _row(column: Column) -> tuple[str, str, str, str, str]:
    latches = "是" if column.latches else ""
    privacy = PRIVACIES[column.privacy]
    return code(column.name), column.means, KINDS[column.kind], privacy, latches
