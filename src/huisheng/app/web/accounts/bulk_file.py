"""Lists of people as files: the template to fill in, and the first passwords."""

import base64
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from huisheng.app.web.accounts.bulk_rows import HEADINGS
from huisheng.app.web.accounts.known import Places
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Role
from huisheng.app.web.defused import BOM, defused

_ROWS_BELOW = 500


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
        writer.writerow([defused(cell) for cell in row])
    return buffer.getvalue().encode()


def _offer(sheet: "xlsxwriter.worksheet.Worksheet", at: int, choices: list[str]) -> None:
    # Excel takes at most 255 characters of choices; then one types.
    if len(",".join(choices)) <= 255 and not any("," in choice for choice in choices):
        rule = {"validate": "list", "source": choices, "error_type": "warning"}
        sheet.data_validation(1, at, _ROWS_BELOW, at, rule)
