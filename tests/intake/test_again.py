"""The same file twice changes nothing; a corrected file corrects; what happened first stays."""

import hashlib
from pathlib import Path

import pytest

from huisheng.intake import quarantine_counts, read_quarantine
from huisheng.lake import read_manifest
from tests.intake.importing import NOW_US, utc_us

ORDERS = (
    "order_no,customer_key,pay_amount,status,created_at\nA1,u1,1.00,待发货,2026-08-01 10:00:00\n"
)


def fingerprint(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_twice_is_once(desk):
    desk.take("orders.csv", ORDERS)
    before = read_manifest(desk.workspace.lake)
    report = desk.take("orders.csv", ORDERS, now_us=NOW_US + 1)
    change = report.changes["orders"]
    assert (change.inserted, change.updated, change.unchanged) == (0, 0, 1)
    assert read_manifest(desk.workspace.lake) == before
    assert desk.column("import_batches", "at") == [NOW_US]


def test_a_corrected_file_updates_rows(desk):
    desk.take("orders.csv", ORDERS)
    report = desk.take("orders.csv", ORDERS.replace("1.00", "2.00").replace("待发货", "已发货"))
    change = report.changes["orders"]
    assert (change.inserted, change.updated, change.unchanged) == (0, 1, 0)
    assert desk.rows("orders", "pay_amount_fen", "status") == [
        {"pay_amount_fen": 200, "status": "已发货"}
    ]


def test_a_missing_value_never_erases_one(desk):
    desk.take("orders.csv", ORDERS)
    desk.take("orders.csv", "order_no,pay_amount,status\nA1,,交易成功\n")
    row = desk.rows("orders")[0]
    assert (row["pay_amount_fen"], row["status"]) == (100, "交易成功")
    assert row["created_at"] == utc_us("2026-08-01 10:00:00")


@pytest.mark.parametrize(
    ("table", "first", "then", "column", "kept"),
    [
        ("refunds", "refund_no,reason_code\nR1,质量问题\n",
         "refund_no,reason_code\nR1,七天无理由\n", "first_seen_reason_code", "质量问题"),
        ("refunds", "refund_no,first_reason_code\nR1,质量问题\n",
         "refund_no,first_reason_code\nR1,不想要了\n", "first_reason_code", "质量问题"),
        ("disputes", "dispute_no,kind,launched_at\nD1,投诉,2026-08-01 10:00:00\n",
         "dispute_no,kind,launched_at\nD1,纠纷,2026-08-02 10:00:00\n", "kind", "complaint"),
        ("session_ratings", "rating_id,score,rated_at\nG1,5,2026-08-01 10:00:00\n",
         "rating_id,score,rated_at\nG1,1,2026-08-01 10:00:00\n", "level", "很满意"),
    ],
)  # fmt: skip
def test_what_happened_first_stays(desk, table, first, then, column, kept):
    desk.take(f"{table}.csv", first)
    desk.take(f"{table}.csv", then)
    assert desk.column(table, column) == [kept]


def test_made_keys_are_the_same_in_every_import(desk):
    text = "order_no,product_id,score_product,content,created_at\nA1,P1,5星,好,2026-08-01\n"
    desk.take("reviews.csv", text)
    (number,) = desk.column("reviews", "review_no")
    report = desk.take("reviews_2.csv", text.replace("P1,5星", "P1,5"))
    assert desk.column("reviews", "review_no") == [number]
    assert report.changes["reviews"].unchanged == 1
    assert desk.column("reviews", "type") == ["good"]


def test_a_dry_run_tells_all_and_changes_nothing(desk):
    desk.take("orders.csv", ORDERS)
    before = fingerprint(desk.workspace.root)
    text = ORDERS.replace("1.00", "3.00") + "A2,u2,2.00,待发货,2026-08-02\n,u3,1,待发货,\n"
    file, odd = desk.write("orders.csv", text), desk.write("x.csv", "订单编号,实付\nA9,1\n")
    planned = desk.report(file, odd, dry_run=True)
    assert fingerprint(desk.workspace.root) == before
    done = desk.report(file, odd)
    assert planned.changes == done.changes
    assert planned.quarantined == done.quarantined == 1
    assert [each.mapping for each in planned.files] == [each.mapping for each in done.files]
    assert done.changes["orders"].updated == 1


def test_a_dry_run_in_a_new_workspace_leaves_no_salt(desk):
    before = fingerprint(desk.workspace.root)
    report = desk.report(desk.write("orders.csv", ORDERS), dry_run=True)
    assert report.changes["orders"].inserted == 1
    assert fingerprint(desk.workspace.root) == before


def test_nothing_is_left_in_staging(desk):
    left = desk.workspace.lake / "staging" / "dead"
    left.mkdir(parents=True)
    (left / "orders.parquet").write_bytes(b"half")
    desk.take("orders.csv", ORDERS)
    assert [path for path in (desk.workspace.lake / "staging").iterdir() if path.is_dir()] == []


BAD = "order_no,pay_amount\nA1,1.00\nA2,一块\n"


def test_a_corrected_file_closes_the_old_ones_quarantine(desk):
    desk.take("orders.csv", BAD)
    report = desk.take("orders.csv", BAD.replace("一块", "1.00"))
    assert read_quarantine(desk.workspace).num_rows == 0
    assert quarantine_counts(desk.workspace) == {}
    assert report.warnings == ("同名旧文件隔离的 1 行已由本次导入取代，不再列出",)
    assert [p.parent.name for p in desk.workspace.quarantine.rglob("*.csv")] == ["superseded"]


def test_a_half_corrected_file_leaves_open_what_is_still_wrong(desk):
    desk.take("orders.csv", BAD + "A3,两块\n")
    desk.take("orders.csv", BAD + "A3,2.00\n")
    assert read_quarantine(desk.workspace)["row"].to_pylist() == [3]
    desk.take("orders.csv", BAD + "A3,两块\n")
    assert read_quarantine(desk.workspace)["row"].to_pylist() == [3, 4]
    assert len(list(desk.workspace.quarantine.rglob("*.csv"))) == 2


def test_other_files_leave_a_quarantine_open(desk):
    desk.take("shops.csv", "shop_id,name,platform\ns1,一店,天猫\ns2,二店,京东\n")
    desk.take("orders.csv", BAD, shop_id="s1")
    desk.take("orders.csv", "order_no,pay_amount\nA9,1\n", shop_id="s2")
    desk.take("orders_2.csv", "order_no,pay_amount\nA8,1\n", shop_id="s1")
    refunds = desk.write("other/orders.csv", "refund_no,refund_amount\nR1,1\n")
    desk.report(refunds, shop_id="s1")
    assert read_quarantine(desk.workspace).num_rows == 1
