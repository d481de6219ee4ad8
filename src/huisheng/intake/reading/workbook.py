"""Read XLSX, XLS and ODS: every worksheet, merged cells filled, numbers as Excel shows them."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    load_workbook,
)

from huisheng.errors import BadInputError
from huisheng.intake.archive import refuse_bomb
from huisheng.intake.connector import ROW
from huisheng.intake.reading.encoding import Advance
from huisheng.intake.reading.extent import refuse_vast
from huisheng.intake.reading.header import SEARCHED_ROWS, Header, Known, find_header
from huisheng.intake.reading.sheet import Sheet

_BATCH = 16_384
_MOST_MERGED = 5_000_000
_EXACT = 10**15  # Excel keeps fifteen digits; a longer number is written so that ids are refused
_ODS_CONTENT = "content.xml"
_ODS_SPAN = re.compile(rb'number-rows-spanned="(?!1")')
_LONGEST_SPAN = 64  # bytes of the longest match, which may lie across two chunks
_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def read_workbook(where: str, stream: BinaryIO, known: Known, advance: Advance) -> Iterator[Sheet]:
    """Yield every worksheet that has rows.

    Raises:
        BadInputError: not a workbook, damaged, protected, or an archive bomb.
    """
    with _opened(where, stream) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                yield _sheet(f"{where}〔{name}〕", name, sheet, known, advance)


def _opened(where: str, stream: BinaryIO) -> CalamineWorkbook:
    magic = stream.read(4)
    stream.seek(0)
    if magic != _OLE:
        _refuse_bad_archive(where, stream)
    try:
        return load_workbook(stream)
    except PasswordError as exc:
        raise BadInputError(where, "工作簿有打开密码", "请去掉密码另存后再导入") from exc
    except (CalamineError, OSError, ValueError) as exc:
        raise BadInputError(where, "无法按 Excel 工作簿读取", "请用表格软件另存为 XLSX") from exc


def _refuse_bad_archive(where: str, stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            refuse_bomb(where, archive)
            _refuse_ods_merges(where, archive)
            refuse_vast(where, archive)
    except zipfile.BadZipFile as exc:
        raise BadInputError(
            where, "XLSX 文件不完整或不是 Excel 文件", "请重新下载导出文件后再导入"
        ) from exc
    stream.seek(0)


def _refuse_ods_merges(where: str, archive: zipfile.ZipFile) -> None:
    """Refuse an ODS with cells merged downwards: calamine does not tell which they are."""
    if _ODS_CONTENT not in archive.namelist():
        return
    with archive.open(_ODS_CONTENT) as content:
        rest = b""
        while chunk := content.read(_CHUNK):
            if _ODS_SPAN.search(rest + chunk):
                raise BadInputError(
                    where,
                    "ODS 里有上下合并的单元格，读不出合并了哪些行",
                    "请取消合并并填满，或另存为 XLSX 再导入",
                )
            rest = chunk[-_LONGEST_SPAN:]


def _sheet(where: str, name: str, sheet: CalamineSheet, known: Known, advance: Advance) -> Sheet:
    rows = _Rows(where, sheet)
    head = [[_text(cell) or "" for cell in row] for row in islice(rows.cells(), SEARCHED_ROWS)]
    header = find_header(where, head, known)
    names = tuple(column for column in header.names if column)
    return Sheet(name, names, _batches(rows, header, advance))


@dataclass(frozen=True, slots=True)
class _Rows:
    where: str
    sheet: CalamineSheet

    def cells(self) -> Iterator[Sequence[Cell]]:
        """Yield every row from the first of the worksheet, merged cells filled downwards."""
        merged = _merged(self.where, self.sheet)
        kept: dict[int, Cell] = {}
        for index, row in enumerate(self.sheet.iter_rows()):
            for column, top in merged.get(index, ()):
                if index == top:
                    kept[column] = row[column]
                else:
                    row[column] = kept[column]
            yield row


def _merged(where: str, sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """Return, per row, (column, first row) of the cells merged over several rows."""
    left_edge = (sheet.start or (0, 0))[1]
    last_row = (sheet.end or (0, 0))[0]
    merged: dict[int, list[tuple[int, int]]] = {}
    filled = 0
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or []:
        column, rows = left - left_edge, range(top, min(bottom, last_row) + 1)
        if len(rows) < 2 or not 0 <= column < sheet.width:
            continue  # it lies beside what is filled
        filled += len(rows)
        if filled > _MOST_MERGED:
            raise BadInputError(
                where,
                f"上下合并的单元格超过 {_MOST_MERGED:,} 行，读不下",
                "请取消合并并填满，或改存为 CSV 再导入",
            )
        for row in rows:
            merged.setdefault(row, []).append((column, top))
    return merged


def _batches(rows: _Rows, header: Header, advance: Advance) -> Iterator[pa.Table]:
    numbered = islice(enumerate(rows.cells(), 1), header.position + 1, None)
    while piece := list(islice(numbered, _BATCH)):
        columns = {
            name: pa.array([_text(row[index]) for _, row in piece], pa.string())
            for index, name in enumerate(header.names)
            if name
        }
        columns[ROW] = pa.array([number for number, _ in piece], pa.int64())
        advance(len(piece))
        yield pa.table(columns)


def _text(cell: Cell) -> str | None:
    if type(cell) is str:
        return cell or None
    if type(cell) is float:
        return _number(cell)
    return _DISPLAYS[type(cell)](cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return f"{value:.15g}" if abs(value) < _EXACT else f"{value:.14e}"


def _moment(value: Cell) -> str:
    return str(value).removesuffix(".000000")


_DISPLAYS: dict[type, Callable[[Cell], str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    dt.date: str,
    dt.datetime: _moment,
    dt.time: str,
    dt.timedelta: _moment,
}
