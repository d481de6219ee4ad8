"""The report as JSON and as a workbook: exact, harmless, readable back."""

import json
import math
import re
import zipfile
from io import BytesIO

import openpyxl
import pytest

from huisheng.app.report import Document, render_html, render_json, render_xlsx
from tests.app.hostile_texts import HOSTILE
from tests.app.sample_document import empty_document, sample_document

# --- determinism ----------------------------------------------------------------------------------


@pytest.mark.parametrize("render", [render_html, render_json, render_xlsx])
def test_same_document_same_bytes(render: object) -> None:
    assert callable(render)
    assert render(sample_document()) == render(sample_document())


def test_workbook_carries_no_clock() -> None:
    with zipfile.ZipFile(BytesIO(render_xlsx(sample_document()))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


# --- JSON -----------------------------------------------------------------------------------------

TOP = ["schema", "data_hash", "period", "compared_with", "shops", "metrics", "findings",
       "quarantine"]  # fmt: skip
METRIC = ["id", "version", "shop_id", "platform", "value", "numerator", "denominator", "window",
          "quality", "excluded"]  # fmt: skip
FINDING = ["id", "shop_id", "analysis", "title", "problem", "segment", "department", "observed",
           "expected", "interval", "p_value", "q_value", "impact", "since", "evidence",
           "strategy"]  # fmt: skip


def test_json_has_exactly_the_contract_keys() -> None:
    report = json.loads(render_json(sample_document()))
    assert list(report) == TOP
    assert list(report["quarantine"]) == ["rows", "reasons"]
    assert list(report["metrics"][0]) == METRIC
    with_spread = next(m for m in report["metrics"] if m["id"] == "complaint_handle_hours")
    assert list(with_spread) == [*METRIC[:5], "p50", "p90", *METRIC[5:]]
    for entry in report["findings"]:
        assert list(entry) == FINDING
        assert list(entry["problem"]) == ["kind", "id"]
        assert list(entry["observed"]) == ["value", "numerator", "denominator"]
        assert list(entry["impact"]) == ["affected", "cny"]
        assert all(list(e) == ["table", "id", "quote"] for e in entry["evidence"])


def test_json_keeps_numbers_text_and_order() -> None:
    document = sample_document()
    raw = render_json(document)
    report = json.loads(raw)
    assert [f["id"] for f in report["findings"]] == [f["id"] for f in document["findings"]]
    assert report["findings"][0]["observed"]["value"] == 74 / 902
    assert [m["value"] for m in report["metrics"]] == [m["value"] for m in document["metrics"]]
    assert "才睡了一个星期就塌下去了".encode() in raw


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_json_refuses_numbers_that_are_none(number: float) -> None:
    document = sample_document()
    document["findings"][0]["p_value"] = number
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_json(document)


# --- XLSX -----------------------------------------------------------------------------------------


def workbook(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(render_xlsx(document)))


def table(book: openpyxl.Workbook, name: str) -> list[dict[str, object]]:
    """Return the rows below the frozen header."""
    sheet = book[name]
    top = int(re.sub(r"\D", "", sheet.freeze_panes)) - 1
    rows = list(sheet.iter_rows(min_row=top, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_workbook_has_its_sheets_each_frozen_and_filtered() -> None:
    book = workbook(sample_document())
    assert book.sheetnames == ["概览", "卡点", "证据", "指标", "排名", "说明"]
    for sheet in book:
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))


def test_workbook_holds_every_finding_quote_and_metric_as_numbers_and_text() -> None:
    document = sample_document()
    book = workbook(document)
    points = table(book, "卡点")
    assert [row["标题"] for row in points] == [f["title"] for f in document["findings"]]
    assert [row["卡点"] for row in points][:4] == [1, 1, 1, 2]
    assert points[0]["实际"] == 74 / 902
    assert points[0]["可避免的损失（元）"] == 18204.6
    quotes = [e["quote"] for f in document["findings"] for e in f["evidence"]]
    assert [row["原话"] for row in table(book, "证据")] == quotes
    rows = table(book, "指标")
    assert [row["值"] is None for row in rows] == [m["value"] is None for m in document["metrics"]]
    assert [row["值"] or 0.0 for row in rows] == pytest.approx(
        [m["value"] or 0.0 for m in document["metrics"]], rel=1e-14
    )
    shares = [row["金额占比"] for row in table(book, "排名") if row["排名"] == "责任部门"]
    assert sum(float(str(share)) for share in shares) == pytest.approx(1)
    kinds = {row["类别"] for row in table(book, "说明")}
    assert kinds == {"报告", "方法", "缺什么", "隔离", "模型", "版本", "数据覆盖", "指标口径"}


def test_percentages_money_and_seconds_have_their_formats() -> None:
    book = workbook(sample_document())
    sheet, top = book["概览"], 4
    headers = {cell.value: cell.column for cell in sheet[top]}
    formats = {
        sheet.cell(row, headers["指标"]).value: sheet.cell(row, headers["本期"]).number_format
        for row in range(top + 1, top + 8)
    }
    assert formats["旺旺满意度"] == "0.00%"
    assert formats["退货退款金额"] == "¥#,##0.00"
    assert formats["首次响应时间"] == "#,##0.0#"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    document = sample_document()
    document["findings"][0]["evidence"][0]["quote"] = text
    document["findings"][0]["title"] = text
    book, shown = workbook(document), text.replace("\r", "\n")
    for name in ("卡点", "证据"):
        cells = [c for row in book[name].iter_rows() for c in row if c.value == shown]
        assert cells
        assert all(c.data_type == "s" and c.quotePrefix for c in cells)
    everywhere = (c for sheet in book for row in sheet.iter_rows() for c in row)
    assert not [c for c in everywhere if c.data_type == "f"]


@pytest.mark.parametrize("text", [*HOSTILE, "长" * 40_000])
def test_workbook_survives_any_text(text: str) -> None:
    document = sample_document()
    document["findings"][0]["evidence"][0]["quote"] = text
    (row, *_) = table(workbook(document), "证据")
    assert len(str(row["原话"])) == min(len(text), 32_767)


def test_an_empty_report_is_still_a_workbook() -> None:
    assert table(workbook(empty_document()), "卡点") == []
