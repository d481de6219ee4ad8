"""What `huisheng import` tells of each file."""

from rich.table import Table

from huisheng.app.cli.console import console, show_table
from huisheng.app.imported import HEADINGS, MORE_RECORDS, FileLine, file_lines, skipped_lines
from huisheng.intake import ImportReport


def show_import(result: ImportReport) -> None:
    """Print what an import did to each file, and what to look at; errors are the caller's."""
    files = file_lines(result)
    if files:
        show_table(_table(files))
    if any(file.records > file.rows_read for file in files):
        _say(MORE_RECORDS)
    for file in files:
        for line in file.remarks:
            _say(f"{file.file}：{line}")
        if file.mapping:
            _say(f"{file.file}：按列映射 {file.mapping} 读取，可以修改后重新导入")
    for line in skipped_lines(result):
        _say(line)
    if result.dry_run:
        _say("以上为试运行，没有写入任何数据。")


def _table(files: list[FileLine]) -> Table:
    table = Table(*HEADINGS)
    for file in files:
        table.add_row(
            file.file,
            file.recognised,
            file.encoding,
            f"{file.rows_read:,}",
            f"{file.inserted:,}",
            f"{file.updated:,}",
            f"{file.unchanged:,}",
            f"{file.quarantined:,}",
        )
    return table


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
