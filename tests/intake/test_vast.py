"""Workbooks that are small on the disk and vast in memory end in a sentence."""

import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from huisheng.errors import BadInputError
from huisheng.intake.reading.extent import MOST_CELLS, refuse_vast
from tests.intake import vast_import

MEMORY = 4 << 30
"""Of addresses, of which the libraries alone map more than one GB."""
HEADER = ["order_no", "pay_amount"]
STYLED = b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'
GOOD = "order_no,pay_amount\nA1,1.00\nA2,2.00\n"


def workbook(*cells, merged=()):
    """Return an XLSX with a row of orders and some cells besides: (row, column, text), from 0."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("订单")
        for at, cell in enumerate(HEADER):
            sheet.write_string(0, at, cell)
            sheet.write_string(1, at, f"{at + 1}")
        for row, column, text in cells:
            sheet.write_string(row, column, text)
        for place in merged:
            sheet.merge_range(place, "")
    return stream.getvalue()


def rewritten(content, pattern, by, member="xl/worksheets/sheet1.xml"):
    """Return an XLSX with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(pattern, by, part) if name == member else part)
    return made.getvalue()


def ods(rows_repeated, columns_repeated):
    book, table = OpenDocumentSpreadsheet(), Table(name="订单")
    for cells in (HEADER, ["A1", "1"]):
        row = TableRow()
        for cell in cells:
            made = TableCell(valuetype="string")
            made.addElement(P(text=cell))
            row.addElement(made)
        table.addElement(row)
    far = TableRow(numberrowsrepeated=rows_repeated)
    cell = TableCell(valuetype="string", numbercolumnsrepeated=columns_repeated)
    cell.addElement(P(text="x"))
    far.addElement(cell)
    table.addElement(far)
    book.spreadsheet.addElement(table)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def far_corner():
    return workbook((1_048_575, 16_383, "x"))


def far_corner_unnamed():
    """The rows say where they are, the cells do not."""
    cells = b"<c/>" * 16_383 + b"<c><v>1</v></c>"
    return rewritten(
        workbook(), rb"</sheetData>", b'<row r="1048576">' + cells + b"</row></sheetData>"
    )


def far_corner_under_another_name():
    content = rewritten(
        far_corner(), rb"worksheets/sheet1\.xml", b"notes.bin", "[Content_Types].xml"
    )
    content = rewritten(
        content, rb"worksheets/sheet1\.xml", b"notes.bin", "xl/_rels/workbook.xml.rels"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name.replace("xl/worksheets/sheet1.xml", "xl/notes.bin"), old.read(name))
    return made.getvalue()


def one_long_text_shown_everywhere():
    texts = [(row, column, "长" * 30_000) for row in range(2, 1_002) for column in range(100)]
    return workbook(*texts)


VAST = {
    "far.xlsx": (far_corner, "相当于 17,179,869,184 个单元格"),
    "unnamed.xlsx": (far_corner_unnamed, "相当于 17,179,869,184 个单元格"),
    "renamed.xlsx": (far_corner_under_another_name, "相当于 17,179,869,184 个单元格"),
    "texts.xlsx": (one_long_text_shown_everywhere, "文字展开后有 8584 MiB"),
    "far.ods": (lambda: ods(1_000_000, 16_000), "相当于 16,000,032,000 个单元格"),
}


def test_vast_files_are_refused_in_a_sentence_and_the_others_land(desk, tmp_path):
    files = [desk.write("orders.csv", GOOD)]
    for name, (make, _) in VAST.items():
        files.append(tmp_path / name)
        files[-1].write_bytes(make())
        assert files[-1].stat().st_size < 1 << 20
    run = subprocess.run(
        [sys.executable, vast_import.__file__, desk.workspace.root, str(MEMORY), *files],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    errors = json.loads(run.stdout)
    assert errors["orders.csv"] == ""
    for name, (_, told) in VAST.items():
        assert told in errors[name] and "请" in errors[name], (name, errors[name])
    assert len(desk.rows("orders")) == 2


@pytest.mark.parametrize(
    "content",
    [
        workbook((5_000, 700, "远处的备注")),
        # Styled by hand down to the last row, as people do: nothing is there.
        rewritten(workbook(), rb"</sheetData>", STYLED + b"</sheetData>"),
        rewritten(workbook(), rb' r="[A-Z]+\d+"', b""),
        workbook((3, 1, "改价"), merged=("A2:A1048576", "K1:K9", "XFD1:XFD1048576")),
    ],
    ids=["wide", "styled", "without references", "merged beyond the end"],
)  # fmt: skip
def test_odd_files_that_are_small_in_memory_are_read(desk, content):
    report = desk.take("orders.xlsx", content)
    assert report.error == ""
    assert "1" in desk.column("orders", "order_no")


def test_a_sheet_at_the_limit_is_measured_exactly():
    columns = 1_000
    rows = MOST_CELLS // columns
    fits, does_not = (workbook((last, columns - 1, "x")) for last in (rows - 1, rows))
    with zipfile.ZipFile(io.BytesIO(fits)) as archive:
        refuse_vast("a.xlsx", archive)
    told = f"第 1 行到第 {rows + 1} 行、第 1 列到第 {columns} 列"
    with (
        zipfile.ZipFile(io.BytesIO(does_not)) as archive,
        pytest.raises(BadInputError, match=told),
    ):
        refuse_vast("a.xlsx", archive)
