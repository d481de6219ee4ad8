"""The leak scanner: every file form, keys that are no leaks, and silence after masking."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from huisheng.errors import BadInputError
from huisheng.privacy import Kind, MaskKind, mask_column, scan, scan_tree
from tests.privacy.corpus import cases

PHONE, MASKED = "13812345678", "138****5678"


def csv_file(path: Path) -> None:
    path.write_text(f"订单编号,备注\n1,电话{PHONE}\n", encoding="utf-8-sig")


def gbk_file(path: Path) -> None:
    path.write_bytes(f"订单编号,备注\n1,电话{PHONE}，请尽快\n".encode("gb18030"))


def json_file(path: Path) -> None:
    path.write_text(json.dumps({"rows": [{"memo": PHONE}]}), encoding="utf-8")


def jsonl_file(path: Path) -> None:
    path.write_text(f'{{"a": 1}}\n{{"memo": ["{PHONE}"]}}\n', encoding="utf-8")


def text_file(path: Path) -> None:
    path.write_text(f"memo:\n  - {PHONE}\n", encoding="utf-8")


def html_file(path: Path) -> None:
    path.write_text(f'<p>ok</p>\n<p data-memo="{PHONE}">x</p>', encoding="utf-8")


def parquet_file(path: Path) -> None:
    pq.write_table(pa.table({"n": [1, 2], "memo": ["ok", PHONE]}), path)


def nested_parquet_file(path: Path) -> None:
    pq.write_table(pa.table({"memo": [None, {"a": [PHONE]}]}), path)


def workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        sheet.write_row(0, 0, ["单号", "手机"])
        sheet.write_row(1, 0, ["1", int(PHONE)])


def database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (n INTEGER, memo TEXT)")
        connection.execute("INSERT INTO notes VALUES (1, ?)", (PHONE,))
    connection.close()


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("in/a.csv", f"备注\n{PHONE}\n")


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress(f"ok\n{PHONE}\n".encode()))


@pytest.mark.parametrize(
    ("name", "write", "position"),
    [
        ("a.csv", csv_file, "第 2 行·备注"),
        ("gbk.csv", gbk_file, "第 2 行·备注"),
        ("a.json", json_file, "$.rows[0].memo"),
        ("a.jsonl", jsonl_file, "第 2 行·$.memo[0]"),
        ("a.yaml", text_file, "第 2 行"),
        ("a.log", text_file, "第 2 行"),
        ("a.html", html_file, "第 2 行"),
        ("a.parquet", parquet_file, "第 2 行·memo"),
        ("nested.parquet", nested_parquet_file, "第 2 行·memo.a[0]"),
        ("a.xlsx", workbook, "订单 第 2 行·手机"),
        ("a.sqlite3", database, "notes 第 1 行·memo"),
        ("a.log.gz", gzipped, "第 2 行"),
    ],
)
def test_a_leak_is_found_in_every_form_of_file(
    tmp_path: Path, name: str, write: Callable[[Path], None], position: str
) -> None:
    path = tmp_path / name
    write(path)
    (leak,) = scan(path)
    assert (leak.file, leak.position) == (str(path), position)
    assert (leak.kind, leak.masked) == (Kind.PHONE, MASKED)
    assert PHONE not in repr(leak)


def test_members_of_archives_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive(path)
    (leak,) = scan(path)
    assert leak.file == f"{path}!in/a.csv"


def test_a_write_ahead_log_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "desk.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE notes (memo TEXT)")
    connection.execute("INSERT INTO notes VALUES (?)", (PHONE,))
    connection.commit()
    leaks = scan_tree(tmp_path)
    connection.close()
    assert {(Path(leak.file).name, leak.masked) for leak in leaks} == {("desk.sqlite3-wal", MASKED)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("110101199003078515", Kind.ID_CARD),
        ("6222021234567890128", Kind.BANK_CARD),
        ("abc@x.com", Kind.EMAIL),
        ("加v：hello_world", Kind.WECHAT),
        ("QQ：12345678", Kind.QQ),
        ("浙江省杭州市西湖区文三路1号", Kind.ADDRESS),
        ("收件人：张三", Kind.NAME),
        ("验证码123456", Kind.SECRET),
        ("0571-88886666", Kind.LANDLINE),
        ("13812345678-1234", Kind.VIRTUAL_PHONE),
    ],
)
def test_every_kind_of_leak_is_named(tmp_path: Path, text: str, kind: Kind) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"一行\n{text}\n", encoding="utf-8")
    (leak,) = scan(path)
    assert leak.kind is kind
    assert leak.position == "第 2 行"


def test_keys_in_key_columns_are_no_leaks(tmp_path: Path) -> None:
    card, identity = "6222021234567890128", "110101199003078515"
    path = tmp_path / "a.csv"
    path.write_text(
        f"order_no,退款编号,product_id,memo,ratio\n{card},{identity},{PHONE},{card},0.{card}\n",
        encoding="utf-8",
    )
    (leak,) = scan(path)
    assert (leak.position, leak.kind) == ("第 2 行·memo", Kind.BANK_CARD)
    path.write_text(f"customer_id,phone_no,card_no\n{PHONE},{PHONE},{card}\n", encoding="utf-8")
    assert [leak.kind for leak in scan(path)] == [Kind.PHONE, Kind.PHONE, Kind.BANK_CARD]


def test_a_header_that_says_name_makes_names_leaks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("收货人姓名,receiver_name,product_name\n张三,李**,王小米\n", encoding="utf-8")
    (leak,) = scan(path)
    assert (leak.position, leak.masked) == ("第 2 行·收货人姓名", "张**")


def test_pages_join_labels_and_pass_over_the_authors_of_scripts(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<script>/* by someone@lib.org */ var memo = '13812345678'</script>"
        '<script type="application/json">{"mail": "abc@x.com"}</script>'
        "<td>收件人</td><td>张三</td>",
        encoding="utf-8",
    )
    assert sorted(leak.kind for leak in scan(path)) == [Kind.EMAIL, Kind.NAME, Kind.PHONE]


def test_binary_files_hold_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\0" + PHONE.encode())
    assert scan(tmp_path / "a.png") == []


def test_a_random_identifier_is_no_landline(tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    part = "part-00000-30517636-0987-4114-9428-3f49da5b9c3c-c000.zstd.parquet"
    file.write_text(f'{{"path": "{part}"}}\n{{"path": "0987-41149428"}}\n', encoding="utf-8")
    assert [leak.position for leak in scan(file)] == ["第 2 行"]


def test_own_numbers_are_no_leaks(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("热线400-123-4567", encoding="utf-8")
    assert len(scan(tmp_path / "a.txt")) == 1
    assert scan_tree(tmp_path, ["400-123-4567"]) == []


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"missing\.csv"):
        scan(tmp_path / "missing.csv")
    with pytest.raises(BadInputError, match="没有这个文件夹"):
        scan_tree(tmp_path / "nowhere")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no parquet at all PAR1")
    with pytest.raises(BadInputError, match="打不开"):
        scan(tmp_path / "broken.parquet")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(BadInputError, match="打不开"):
        scan(tmp_path / "broken.zip")


def test_a_broken_json_is_read_as_lines(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f'{{"memo": \n "{PHONE}"', encoding="utf-8")
    (leak,) = scan(tmp_path / "a.json")
    assert leak.position == "第 2 行"


def test_nothing_leaks_once_masked(tmp_path: Path) -> None:
    raw = pa.array([case.text for case in cases(seed=7, per_kind=10)])
    pq.write_table(pa.table({"text": raw}), tmp_path / "raw.parquet")
    assert len({leak.kind for leak in scan_tree(tmp_path)}) >= 10
    masked = mask_column(raw, MaskKind.FREE_TEXT)
    pq.write_table(pa.table({"text": masked}), tmp_path / "raw.parquet")
    assert scan_tree(tmp_path) == []
