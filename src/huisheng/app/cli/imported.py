"""What `huisheng import` tells of each file."""

from collections.abc import Iterator

from rich.table import Table

from huisheng.app.cli.console import console, show_table
from huisheng.intake import FileReport, ImportReport
from huisheng.records import all_tables

SHOWN_EXAMPLES = 3


def show_import(result: ImportReport) -> None:
    """Print what an import did to each file, and what to look at; errors are the caller's."""
    if result.files:
        show_table(_table(result))
    if any(_records(file) > file.rows_read for file in result.files):
        _say("文件里的一行可以产生多条记录（订单、商品、包裹……），所以新增可以多于读取。")
    for file in result.files:
        for line in _remarks(file):
            _say(f"{file.file}：{line}")
    for name, why in result.skipped.items():
        _say(f"{name}：跳过，{why}")
    if result.dry_run:
        _say("以上为试运行，没有写入任何数据。")


def _table(result: ImportReport) -> Table:
    table = Table("文件", "识别为", "编码", "读取行", "新增条", "更新条", "未变条", "隔离行")
    for file in result.files:
        changes = file.changes.values()
        table.add_row(
            file.file,
            "、".join(file.recognised_as) or "未导入",
            file.encoding or "—",
            f"{file.rows_read:,}",
            f"{sum(change.inserted for change in changes):,}",
            f"{sum(change.updated for change in changes):,}",
            f"{sum(change.unchanged for change in changes):,}",
            f"{file.quarantined:,}",
        )
    return table


def _records(file: FileReport) -> int:
    return sum(c.inserted + c.updated + c.unchanged for c in file.changes.values())


def _remarks(file: FileReport) -> Iterator[str]:
    if len(file.changes) > 1:
        yield "产生的记录：" + "、".join(
            f"{all_tables()[name].label} {change.inserted + change.updated + change.unchanged:,}"
            for name, change in file.changes.items()
        )
    for reason, count in file.reasons.items():
        yield f"隔离 {count:,} 行：{reason}"
    for bad in file.examples[:SHOWN_EXAMPLES]:
        sheet = f"工作表「{bad.sheet}」" if bad.sheet else ""
        column = f"「{bad.column}」列" if bad.column else ""
        yield f"  {sheet}第 {bad.row} 行{column}：{bad.reason}"
    if file.quarantined:
        yield "改正后把文件用同一个名字再导入一次，隔离就会更新；其余的行已经入库"
    if file.dropped:
        yield "未保存的列：" + "；".join(f"{name}（{why}）" for name, why in file.dropped.items())
    if file.mapping is not None:
        yield f"按列映射 {file.mapping} 读取，可以修改后重新导入"
    yield from file.warnings


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
