"""Every sample is recognised as its own export and as no other."""

import csv
import io
from pathlib import Path

import pytest
from python_calamine import load_workbook

import huisheng.intake.connectors as folder
from huisheng.intake import all_connectors
from huisheng.intake.cells import normalise_header

SAMPLES = {path.parent.name: path for path in sorted(Path(folder.__path__[0]).glob("*/sample.*"))}
HEADER_ROWS = 20
TEXT_CHARACTERS = 1 << 16


def text_of(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def sheets_of(path: Path) -> list[list[list[str]]]:
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return [[[str(cell) for cell in row] for row in rows[:HEADER_ROWS]] for rows in sheets]
    delimiter = "\t" if path.suffix == ".tsv" else ","
    rows = csv.reader(io.StringIO(text_of(path), newline=""), delimiter=delimiter)
    return [[row for row, _ in zip(rows, range(HEADER_ROWS), strict=False)]]


def best(header: set[str]) -> list[str]:
    """Return the connectors with most required headers among those that fit, all ties."""
    fitting = {
        name: len(connector.header)
        for name, connector in all_connectors().items()
        if connector.header and connector.header <= header
    }
    return [name for name, size in fitting.items() if size == max(fitting.values())]


def recognised(path: Path) -> list[list[str]]:
    """Return, per sheet, what the first row that fits anything is recognised as."""
    found = []
    for rows in sheets_of(path):
        names = [best({normalise_header(cell) for cell in row}) for row in rows]
        found.append(next((each for each in names if each), []))
    return found


def test_every_connector_has_a_sample_and_says_what_it_must_give():
    assert set(SAMPLES) == set(all_connectors())
    missing = [
        name for name, path in SAMPLES.items() if not (path.parent / "expected.yaml").exists()
    ]
    assert missing == []


@pytest.mark.parametrize("name", [name for name, c in all_connectors().items() if c.text is None])
def test_a_table_is_recognised_as_its_own_export_only(name):
    assert all(sheet == [name] for sheet in recognised(SAMPLES[name]))


@pytest.mark.parametrize("name", [name for name, c in all_connectors().items() if c.text])
def test_a_text_is_recognised_by_its_own_format_only(name):
    head = text_of(SAMPLES[name])[:TEXT_CHARACTERS]
    formats = {other: c.text for other, c in all_connectors().items() if c.text}
    assert [other for other, text in formats.items() if text and text.recognises(head)] == [name]


@pytest.mark.parametrize(
    "name", [name for name, path in SAMPLES.items() if path.suffix in {".csv", ".tsv"}]
)
def test_no_table_saved_as_text_is_taken_for_a_chat_or_a_document(name):
    head = text_of(SAMPLES[name])[:TEXT_CHARACTERS]
    formats = [c.text for c in all_connectors().values() if c.text]
    assert not any(text.recognises(head) for text in formats)


@pytest.mark.parametrize(
    ("name", "renamed"),
    [
        ("taobao_orders", {"买家实付金额": "买家实际支付金额", "商品标题": "宝贝标题"}),
        ("taobao_orders_legacy", {"买家实际支付金额": "买家实付金额", "宝贝标题": "商品标题"}),
        ("taobao_order_items", {"商品标题": "标题", "商品ID": "商品id"}),
        ("taobao_refunds", {"商品id": "商品ID", "买家退款金额": "退款金额"}),
        ("douyin_orders", {"商品单价": "商品金额(单件)", "快递信息": "物流信息"}),
    ],
)
def test_a_column_renamed_between_versions_does_not_hide_an_export(name, renamed):
    rows = sheets_of(SAMPLES[name])[0]
    headers = [{normalise_header(cell) for cell in row} for row in rows]
    header = next(each for each in headers if all_connectors()[name].header <= each)
    assert best({renamed.get(each, each) for each in header}) == [name]


def test_an_order_report_that_names_the_buyer_too_is_still_the_new_report():
    rows = sheets_of(SAMPLES["taobao_orders"])[0]
    header = {normalise_header(cell) for cell in rows[0]} | {"买家会员名", "买家支付宝账号"}
    assert best(header) == ["taobao_orders"]


def test_a_canonical_header_is_no_export():
    assert best({"order_no", "status", "pay_amount", "paid_at", "refund_no", "applied_at"}) == []
