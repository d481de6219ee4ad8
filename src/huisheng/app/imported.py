"""What an import tells of each file, in the words that the command line and the pages share."""

from collections.abc import Iterator
from dataclasses import dataclass

from huisheng.intake import FileReport, ImportReport
from huisheng.records import all_tables

HEADINGS = ("文件", "识别为", "编码", "读取行", "新增条", "更新条", "未变条", "隔离行")
MORE_RECORDS = "文件里的一行可以产生多条记录（订单、商品、包裹……），所以新增可以多于读取。"
SHOWN_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of an import.

    Attributes:
        file: its name.
        recognised: what it was taken for; 未导入 for a file that was refused.
        encoding: as detected, `—` where there is none to detect.
        rows_read: rows in the file.
        inserted: records that are new.
        updated: records that changed.
        unchanged: records that were known.
        quarantined: rows set aside.
        shops: shops its rows belong to.
        mapping: path of the column mapping it was read with, empty without.
        remarks: what is worth knowing, one sentence each.
        error: why nothing of it was imported, empty when it was.
    """

    file: str
    recognised: str
    encoding: str
    rows_read: int
    inserted: int
    updated: int
    unchanged: int
    quarantined: int
    shops: tuple[str, ...]
    mapping: str
    remarks: tuple[str, ...]
    error: str

    @property
    def records(self) -> int:
        """Return how many records the file holds."""
        return self.inserted + self.updated + self.unchanged


def file_lines(report: ImportReport) -> list[FileLine]:
    """Return one line per file, in the order of import."""
    return [_line(file) for file in report.files]


def skipped_lines(report: ImportReport) -> list[str]:
    """Return one sentence per file that was passed over without being wrong."""
    return [f"{name}：跳过，{why}" for name, why in report.skipped.items()]


def _line(file: FileReport) -> FileLine:
    changes = file.changes.values()
    return FileLine(
        file=file.file,
        recognised="、".join(file.recognised_as) or "未导入",
        encoding=file.encoding or "—",
        rows_read=file.rows_read,
        inserted=sum(change.inserted for change in changes),
        updated=sum(change.updated for change in changes),
        unchanged=sum(change.unchanged for change in changes),
        quarantined=file.quarantined,
        shops=file.shops,
        mapping=str(file.mapping or ""),
        remarks=tuple(_remarks(file)),
        error=file.error,
    )


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
    yield from file.warnings
