"""What cannot be imported is refused in one clear sentence, and stops nothing else."""

import io
import os
import zipfile

import pytest

from huisheng.errors import BadInputError
from huisheng.intake import read_quarantine
from tests.intake.test_pitfalls import ORDERS, workbook

GOOD = ORDERS + "A1,1.00,2026-08-01 10:00:00\n"


def archive(members: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("orders.csv", b"", "0 字节"),
        ("orders.csv", b"\xef\xbb\xbf \r\n\r\n", "没有内容"),
        ("orders.csv", b"order_no,pay_amount\nA1,1\x00\x00\n", "二进制"),
        ("orders.csv", b"%PDF-1.7 order_no,pay_amount\n", "二进制"),
        ("orders.csv", b"order_no,order_no,pay_amount\n1,2,3\n", "列名重复：order_no"),
        ("orders.csv", b"x" * (1 << 20) + b"\n", "1 MiB 内没有换行"),
        ("orders.xlsx", workbook(("a", [["order_no"], ["A"]]))[:-200], "不完整"),
        ("orders.xlsx", b"PK\x03\x04 not an archive", "不完整"),
        ("orders.xlsx", archive({"a.txt": b"hello"}), "Excel"),
        ("orders.parquet", b"PAR1 broken", "Parquet"),
        ("orders.parquet", b"nothing like it", "Parquet"),
        ("orders.json", b'[{"order_no": "A1"}', "JSON"),
        ("unknown.csv", "甲,乙,丙\n1,2,3\n".encode(), "不认识这种表头（甲、乙、丙"),
    ],
)
def test_refusals_say_what_and_what_to_do(desk, name, content, says):
    error = desk.refusal(name, content)
    assert says in error
    assert error.startswith(name)
    assert "请" in error
    assert desk.rows("import_batches") == []


def test_an_archive_bomb_called_xlsx_is_not_unpacked(desk):
    bomb = archive({"xl/worksheets/sheet1.xml": b"0" * (100 << 20)})
    assert "压缩炸弹" in desk.refusal("orders.xlsx", bomb)


def test_missing_path_and_unreadable_file(desk):
    gone = desk.report(desk.folder / "gone.csv")
    assert "没有这个文件或目录" in gone.files[0].error
    locked = desk.write("orders.csv", GOOD)
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        pytest.skip("this user may read everything")
    assert "没有读取权限" in desk.report(locked).files[0].error


def test_a_bad_file_does_not_stop_the_others(desk):
    desk.write("in/a.csv", b"\x00\x00\x00")
    desk.write("in/orders.csv", GOOD)
    desk.write("in/refunds.csv", "refund_no\nR1\n")
    desk.write("in/photo.png", b"...")
    desk.write("in/~$orders.xlsx", b"...")
    desk.write("in/.DS_Store", b"...")
    report = desk.report(desk.folder / "in")
    assert [file.file for file in report.errors] == ["a.csv"]
    assert set(report.changes) == {"orders", "refunds"}
    assert set(report.skipped) == {"photo.png", "~$orders.xlsx"}


def test_rows_with_too_few_or_too_many_cells_are_set_aside(desk):
    report = desk.take("orders.csv", f"{GOOD}A2,2.00\nA3,3,2026-08-01,x,y\n\nA4,4,2026-08-01\n")
    assert desk.column("orders", "order_no") == ["A1", "A4"]
    assert desk.column("orders", "source_row") == [2, 6]
    assert [(row.row, row.reason) for row in report.examples] == [
        (3, "应有 3 格，实有 2 格，请检查分隔符与引号"),
        (4, "应有 3 格，实有 5 格，请检查分隔符与引号"),
    ]


def test_an_open_quote_costs_its_own_line_only(desk):
    lines = "".join(f"B{at},1.00,2026-08-01\n" for at in range(20))
    report = desk.take("orders.csv", f'{GOOD}"A2,2.00,2026-08-01\n{lines}')
    assert len(desk.rows("orders")) == 21
    assert [row.row for row in report.examples] == [3]


def test_an_open_quote_that_swallows_megabytes_costs_its_own_line_only(desk):
    lines = "".join(f"B{at:06},1.00,2026-08-01\n" for at in range(400_000))
    middle = len(lines) // 2
    report = desk.take(
        "orders.csv", ORDERS + lines[:middle] + '"A2,2.00,2026-08-01\n' + lines[middle:]
    )
    assert report.rows_read == 400_001
    assert [row.row for row in report.examples] == [200_002]
    landed = desk.arrow("orders").sort_by("order_no")
    assert landed.num_rows == 400_000
    assert landed["source_row"][199_999].as_py() == 200_001
    assert landed["source_row"][200_000].as_py() == 200_003
    assert landed["source_row"][399_999].as_py() == 400_002


def test_mixed_line_ends_and_quoted_newlines(desk):
    desk.take(
        "orders.csv",
        'order_no,seller_memo,pay_amount\r\nA1,"两\r\n行",1\nA2,x,2\r\nA3,y,3\rA4,z,4',
    )
    assert desk.column("orders", "pay_amount_fen") == [100, 200, 300, 400]
    assert desk.column("orders", "source_row") == [2, 3, 4, 5]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(desk, delimiter):
    desk.take("orders.csv", GOOD.replace(",", delimiter))
    assert desk.column("orders", "pay_amount_fen") == [100]


def test_damaged_bytes_cost_their_row_only(desk):
    text = "order_no,seller_memo\nA1,好的好的好的\nA2,坏\nA3,谢谢惠顾\n".encode()
    report = desk.take("orders.csv", text.replace("坏".encode(), b"\xe5\x9d"))
    assert report.encoding == "utf-8"
    assert desk.column("orders", "order_no") == ["A1", "A3"]
    assert list(report.reasons) == ["编码损坏，有无法解码的字符，请重新导出"]


def test_archives_are_read_in_place(desk):
    names = {"天猫/orders.csv": GOOD.encode(), "refunds.csv": b"refund_no\nR1\n"}
    report = desk.report(desk.write("export.zip", archive(names)))
    assert not report.errors
    assert set(report.changes) == {"orders", "refunds"}


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"../orders.csv": GOOD.encode()}, "越界路径"),
        ({"/orders.csv": GOOD.encode()}, "越界路径"),
        ({"inner.zip": archive({"orders.csv": b"x"})}, "还有压缩包"),
        ({"orders.csv": b"0" * (100 << 20)}, "压缩炸弹"),
    ],
)
def test_harmful_archives_are_refused(desk, members, says):
    report = desk.report(desk.write("export.zip", archive(members)))
    assert says in report.files[0].error


def test_truncated_archive(desk):
    content = archive({"orders.csv": GOOD.encode()})
    assert "不完整" in desk.report(desk.write("export.zip", content[:-30])).files[0].error


def test_shop_ids_that_could_leave_the_workspace(desk):
    file = desk.write("orders.csv", GOOD)
    with pytest.raises(BadInputError, match="店铺编号只能含"):
        desk.report(file, shop_id="../up")
    report = desk.take("orders.csv", "order_no,shop_id\nA1,a/b\nA2,good-1\n")
    assert desk.column("orders", "shop_id") == ["good-1"]
    assert [row.column for row in report.examples] == ["shop_id"]


def test_several_shops_need_a_name(desk):
    desk.take("shops.csv", "shop_id,name,platform\ns1,一店,天猫\ns2,二店,京东\n")
    error = desk.refusal("orders.csv", GOOD)
    assert "s1、s2" in error and "--shop" in error
    desk.take("orders.csv", GOOD, shop_id="s2")
    assert desk.rows("orders", "shop_id", "platform") == [{"shop_id": "s2", "platform": "jd"}]


def test_the_only_shop_is_the_default(desk):
    desk.take("shops.csv", "shop_id,name,platform\n只此一家,一店,天猫\n")
    desk.take("orders.csv", GOOD)
    assert desk.rows("orders", "shop_id", "platform") == [
        {"shop_id": "只此一家", "platform": "tmall"}
    ]


def test_quarantine_is_masked_defused_and_replaced(desk):
    bad = "order_no,buyer_memo,收货人,pay_amount\n,我是13812345678,张三丰,1\n"
    bad += "=cmd|' /C'!A0,x,y,12.345\n"
    desk.take("orders.csv", bad)
    (file,) = desk.workspace.quarantine.glob("*.csv")
    text = file.read_text(encoding="utf-8")
    assert "13812345678" not in text and "张三丰" not in text
    rows = read_quarantine(desk.workspace).to_pylist()
    assert [(row["row"], row["column"]) for row in rows] == [(2, "order_no"), (3, "pay_amount")]
    assert all(
        not row[name].startswith("=") for row in rows for name in ("file", "column", "cells")
    )
    desk.take("orders.csv", bad)
    assert read_quarantine(desk.workspace).num_rows == 2
