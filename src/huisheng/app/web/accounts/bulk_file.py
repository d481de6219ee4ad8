"""Lists of people in files: read CSV and XLSX, write the template and the first passwords."""

import base64
import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from huisheng.app.web.accounts.bulk_rows import HEADINGS
from huisheng.app.web.accounts.known import Places
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Role
from huisheng.errors import BadInputError

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_BELOW = 500


def read_table(name: str, content: bytes) -> list[list[str]]:
    """Return the cells of a CSV file, or of the first sheet of an XLSX one, as text.

    Raises:
        BadInputError: it is neither, too large, or damaged.
    """
    if len(content) > MOST_BYTES:
        raise BadInputError(name, f"超过 {MOST_BYTES >> 20} MB", "请只留要添加的人")
    if content.startswith(b"PK"):
        return _workbook(name, content)
    return _delimited(name, content)


def template_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows under the headings as CSV that Excel on Chinese Windows reads."""
    return _csv([HEADINGS, *rows])


def template_xlsx(rows: Iterable[Sequence[str]], places: Places) -> bytes:
    """Return rows under the headings as a workbook that offers shops, roles, departments."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes each time
    sheet, bold = book.add_worksheet("人员"), book.add_format({"bold": True, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, len(HEADINGS) - 1, 16, text)
    for at, heading in enumerate(HEADINGS):
        sheet.write_string(0, at, heading, bold)
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            sheet.write_string(number, at, cell, text)
    offered = {"店铺": [*places.shops.values()], "角色": [role.label for role in Role]}
    offered["部门"] = [*places.departments.values()]
    for heading, choices in offered.items():
        _offer(sheet, HEADINGS.index(heading), choices)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def template_rows(places: Places, placed: set[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return one row per known agent who has no account yet; `placed` are (shop, agent)."""
    several = len(places.shops) > 1 + (Membership.ALL_SHOPS in places.shops)
    return [
        (
            f"{agent_id}@{shop_id}" if several else agent_id,
            name,
            places.shops[shop_id],
            Role.AGENT.label,
            "",
            agent_id,
            "",
        )
        for shop_id, agents in sorted(places.agents.items())
        for agent_id, name in sorted(agents.items())
        if not {(shop_id, agent_id), (Membership.ALL_SHOPS, agent_id)} & placed
    ]


def passwords_uri(people: Iterable[tuple[str, str, str]]) -> str:
    """Return login names, names and first passwords as a file that lies in the page alone."""
    content = _csv([("登录名", "姓名", "第一个密码"), *people])
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(content).decode()}"


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    buffer.write(BOM)
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return buffer.getvalue().encode()


def _offer(sheet: "xlsxwriter.worksheet.Worksheet", at: int, choices: list[str]) -> None:
    # Excel takes at most 255 characters of choices; then one types.
    if len(",".join(choices)) <= 255 and not any("," in choice for choice in choices):
        rule = {"validate": "list", "source": choices, "error_type": "warning"}
        sheet.data_validation(1, at, _ROWS_BELOW, at, rule)


def _delimited(name: str, content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return [row for row in csv.reader(io.StringIO(text))]
    raise BadInputError(name, "不是 CSV 或 XLSX 文件", "请用模板填写后另存为 CSV 或 XLSX")


def _workbook(name: str, content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise BadInputError(name, "解压后太大", "请只留要添加的人，另存一份")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, PasswordError, zipfile.BadZipFile, IndexError) as exc:
        raise BadInputError(name, "打不开，可能损坏或有密码", "请另存为 XLSX 或 CSV") from exc
    return [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell(cell: object) -> str:
    """Return a cell as it was typed: Excel keeps a login name of digits as a number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
