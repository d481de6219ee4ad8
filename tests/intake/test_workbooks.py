"""Workbooks that other programs write: old XLS, OpenDocument, and XLSX of every habit."""

import io
from datetime import datetime

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from tests.intake.importing import utc_us

HEADER = ["order_no", "pay_amount", "created_at", "is_presale", "seller_memo"]
AT = datetime(2026, 8, 1, 10, 0, 1)  # noqa: DTZ001 - a clock reading in a cell
ROWS = [
    ["1930679858170647001", 12.1, AT, True, "好"],
    ["A2", 0.3, "2026-08-02 00:00:00", "否", None],
]
LANDED = [
    {
        "order_no": "1930679858170647001", "pay_amount_fen": 1210, "is_presale": True,
        "created_at": utc_us("2026-08-01 10:00:01"), "seller_memo": "好",
    },
    {
        "order_no": "A2", "pay_amount_fen": 30, "is_presale": False,
        "created_at": utc_us("2026-08-02 00:00:00"), "seller_memo": None,
    },
]  # fmt: skip
AGENTS = ["旺旺账号名称", "日期", "平均响应时长", "3分钟人工响应率", "满意评价量", "旺旺评价量"]


def xls(rows: list[list], merged: tuple[tuple[int, int, int, int, object], ...] = ()) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("订单")
    dated = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")
    share = xlwt.easyxf(num_format_str="0.00%")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                style = {datetime: (dated,), Share: (share,)}.get(type(cell), ())
                sheet.write(at, column, cell, *style)
    for top, bottom, left, right, cell in merged:
        sheet.write_merge(top, bottom, left, right, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Share(float):
    """A number that its cell shows as a percentage."""


def ods_cell(cell: object) -> TableCell:
    if cell is None:
        return TableCell()
    if isinstance(cell, bool):
        return TableCell(valuetype="boolean", booleanvalue="true" if cell else "false")
    if isinstance(cell, Share):
        return TableCell(valuetype="percentage", value=cell)
    if isinstance(cell, float):
        return TableCell(valuetype="float", value=cell)
    if isinstance(cell, datetime):
        return TableCell(valuetype="date", datevalue=cell.isoformat())
    text = TableCell(valuetype="string")
    text.addElement(P(text=cell))
    return text


def ods(rows: list[list], *, merged_down: int = 0) -> bytes:
    """Return a spreadsheet; the first cell below the header is merged over `merged_down` rows."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="订单")
    for at, row in enumerate(rows):
        line = TableRow()
        for column, cell in enumerate(row):
            made = ods_cell(cell)
            if merged_down and column == 0 and at == 1:
                made.setAttribute("numberrowsspanned", merged_down)
                made.setAttribute("numbercolumnsspanned", 1)
            elif merged_down and column == 0 and 1 < at <= merged_down:
                made = CoveredTableCell()
            line.addElement(made)
        line.addElement(TableCell(numbercolumnsrepeated=1000))  # as LibreOffice ends each row
        table.addElement(line)
    blank = TableRow(numberrowsrepeated=100_000)
    blank.addElement(TableCell(numbercolumnsrepeated=1024))
    table.addElement(blank)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def xlsx(rows: list[list], **options) -> bytes:
    """Return what xlsxwriter writes with these workbook options."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("订单")
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Share: book.add_format({"num_format": "0.00%"}),
        }
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(at, column, cell, formats[datetime])
                elif cell is not None:
                    sheet.write(at, column, cell, formats.get(type(cell)))
    return stream.getvalue()


INLINE = {"constant_memory": True, "in_memory": False}
"""With these options xlsxwriter writes strings into the cells instead of a shared table."""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.xls", xls([HEADER, *ROWS])),
        ("orders.ods", ods([HEADER, *ROWS])),
        ("orders.xlsx", xlsx([HEADER, *ROWS])),
        ("inline/orders.xlsx", xlsx([HEADER, *ROWS], **INLINE)),
        ("1904/orders.xlsx", xlsx([HEADER, *ROWS], date_1904=True)),
    ],
)
def test_the_same_orders_out_of_every_workbook(desk, name, content):
    report = desk.take(name, content)
    assert report.quarantined == 0
    assert report.encoding == ""
    assert desk.rows("orders", *LANDED[0]) == LANDED
    assert desk.column("orders", "source_row") == [2, 3]


def test_the_options_do_what_the_names_say():
    """Guard the cases above: strings in cells, and another day zero."""
    import zipfile

    def part(content: bytes, name: str) -> str:
        return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()

    sheet = "xl/worksheets/sheet1.xml"
    assert "inlineStr" in part(xlsx([HEADER, *ROWS], **INLINE), sheet)
    assert "inlineStr" not in part(xlsx([HEADER, *ROWS]), sheet)
    assert 'date1904="1"' in part(xlsx([HEADER, *ROWS], date_1904=True), "xl/workbook.xml")


@pytest.mark.parametrize("write", [xls, ods, xlsx])
def test_percentages_are_fractions_and_seconds_stay(desk, write):
    name = {xls: "报表.xls", ods: "报表.ods", xlsx: "报表.xlsx"}[write]
    desk.take(name, write([AGENTS, ["暖家:阿青", "2026-08-01", 31.5, Share(0.855), 17.0, 20.0]]))
    (row,) = desk.rows("agent_reports")
    assert row["resp_3min_rate"] == 0.855
    assert (row["avg_resp_sec"], row["satisfied_count"], row["rating_count"]) == (31.5, 17, 20)


@pytest.mark.parametrize("name", ["orders.xls", "orders.xlsx"])
def test_cells_merged_downwards_hold_for_every_row(desk, name):
    header = ["主订单编号", "子订单编号", "选购商品", "订单应付金额", "订单提交时间"]
    lines = [
        ["69201", "692011", "毛巾", 1.5, "2026-08-01 10:00:00"],
        [None, "692012", "浴巾", 2.5, "2026-08-01 10:00:00"],
    ]
    if name.endswith("xls"):
        content = xls([header, [None, *lines[0][1:]], lines[1]], merged=((1, 2, 0, 0, "69201"),))
    else:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate((header, *lines)):
                sheet.write_row(at, 0, row)
            sheet.merge_range(1, 0, 2, 0, "69201")
        content = stream.getvalue()
    desk.take(name, content)
    assert desk.rows("orders", "order_no", "pay_amount_fen") == [
        {"order_no": "69201", "pay_amount_fen": 400}
    ]
    assert desk.column("order_items", "order_no") == ["69201", "69201"]


def test_an_ods_with_cells_merged_downwards_is_refused(desk):
    rows = [HEADER, *ROWS]
    assert "另存为 XLSX" in desk.refusal("orders.ods", ods(rows, merged_down=2))
    desk.take("orders.ods", ods(rows, merged_down=1))


def test_a_header_under_merged_group_titles(desk):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "2026年8月订单")
        sheet.merge_range(1, 0, 1, 1, "订单")
        sheet.merge_range(1, 2, 1, 4, "其他")
        sheet.write_row(2, 0, HEADER)
        sheet.write_row(3, 0, ["A1", 5, "2026-08-01", "是", "好"])
    desk.take("orders.xlsx", stream.getvalue())
    assert desk.rows("orders", "order_no", "pay_amount_fen", "source_row") == [
        {"order_no": "A1", "pay_amount_fen": 500, "source_row": 4}
    ]


@pytest.mark.parametrize("write", [xls, ods, xlsx])
def test_ids_stored_as_long_numbers_are_refused(desk, write):
    name = {xls: "orders.xls", ods: "orders.ods", xlsx: "orders.xlsx"}[write]
    rows = [["order_no", "pay_amount"], [1930679858170647001.0, 1.0], [193067985817.0, 2.0]]
    report = desk.take(name, write(rows))
    assert desk.column("orders", "order_no") == ["193067985817"]
    assert "科学计数法" in report.examples[0].reason


@pytest.mark.parametrize(
    ("name", "content"),
    [("orders.ods", ods([HEADER, *ROWS])[:-300]), ("orders.xls", xls([HEADER, *ROWS])[:600])],
)
def test_a_torn_file_is_refused(desk, name, content):
    assert "请" in desk.refusal(name, content)
