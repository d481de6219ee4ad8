"""Read a short list out of a CSV or XLSX that somebody hands over in a form, within bounds."""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time
from functools import singledispatch

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from huisheng.errors import BadInputError

MOST_BYTES = 2 << 20
MOST_UNPACKED = 64 << 20
MOST_CELLS = 2_000_000
_OTHERS = frozenset({"xl/workbook.bin", "content.xml"})
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")


def read_table(name: str, content: bytes) -> list[list[str]]:
    """Return the cells of a CSV file, or of the first sheet of an XLSX one, as text.

    Raises:
        BadInputError: it is neither, too large, or damaged.
    """
    if len(content) > MOST_BYTES:
        raise BadInputError(name, f"超过 {MOST_BYTES >> 20} MB", "请拆成几份")
    if content.startswith(b"PK"):
        return _workbook(name, content)
    return _delimited(name, content)


def _delimited(name: str, content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = "\0"
    try:
        rows = [] if "\0" in text else list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as exc:
        raise BadInputError(name, "看不懂这个 CSV", "请另存为 XLSX 后再上传") from exc
    if "\0" in text:
        raise BadInputError(name, "不是 CSV 或 XLSX 文件", "请用模板填写后另存为 CSV 或 XLSX")
    return rows


def _workbook(name: str, content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(name, archive)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, PasswordError, zipfile.BadZipFile, IndexError, OSError) as exc:
        raise BadInputError(name, "打不开，可能损坏或有密码", "请另存为 XLSX 或 CSV") from exc
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _check_size(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse what would not fit into memory.

    A sheet is read as the rectangle up to its last cell: five kilobytes with one cell in the
    furthest corner ask for half a terabyte, and the whole process ends.
    """
    if _OTHERS & {member.lower() for member in archive.namelist()}:
        raise BadInputError(name, "不是 XLSX 文件", "请另存为 XLSX 或 CSV")
    if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
        raise BadInputError(name, "解压后太大", "请拆成几份")
    if any(_cells(archive.read(member)) > MOST_CELLS for member in archive.infolist()):
        raise BadInputError(name, "单元格太多，或很远的地方还有内容", "请把要用的部分另存一份")


def _cells(sheet: bytes) -> int:
    """Return how many cells a sheet's rectangle has at the most; a cell need not say its place."""
    places = _PLACE.findall(sheet)
    rows = _ROW.split(sheet)
    height = len(rows) + max((int(row) for _, row in places), default=0)
    width = max(map(len, map(_CELL.findall, rows))) + max(
        (_column(letters) for letters, _ in places), default=0
    )
    return height * width


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


@singledispatch
def _text(cell: object) -> str:
    return str(cell).replace("\0", "")


@_text.register
def _(cell: date) -> str:
    return cell.isoformat()


@_text.register
def _(cell: datetime) -> str:
    return cell.isoformat(" ")


@_text.register
def _(cell: time) -> str:
    return cell.strftime("%H:%M")


@_text.register
def _(cell: float) -> str:
    # A workbook keeps a login name of digits as a number.
    return str(int(cell)) if cell.is_integer() else str(cell)
