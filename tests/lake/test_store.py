"""Upserts: what is new, what changes, what latches, and that nothing half-done is ever seen."""

import subprocess
import sys
import threading
import time

import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from huisheng.errors import BadInputError
from huisheng.lake import Change, create_workspace, open_engine, open_workspace, writing
from huisheng.lake.manifest import publish
from huisheng.records import all_tables, table_from_rows

SIGNED_AT = "2026-08-05 10:00:00"


@pytest.fixture
def workspace(tmp_path):
    return create_workspace(tmp_path / "ws")


def stage(workspace, name, rows, number=0):
    path = workspace.root / f"{name}-{number}.parquet"
    pq.write_table(table_from_rows(name, rows, all_tables(), workspace.offset_us), path)
    return path


def upsert(workspace, name, rows):
    with writing(workspace, [name]) as write:
        return write.upsert(name, [stage(workspace, name, rows)])


def rows_of(workspace, name, *columns):
    engine = open_engine(workspace)
    table = engine.table(name)
    key = all_tables()[name].lake_key
    return engine.arrow(table.order_by(list(key)).select(*columns)).to_pylist()


def order(number, **cells):
    return {"order_no": number, "created_at": "2026-08-01 10:00:00", **cells}


def test_the_same_rows_twice_change_nothing(workspace):
    rows = [order("1", pay_amount="9.90"), order("2")]
    assert upsert(workspace, "orders", rows) == Change(2, 0, 0)
    versions = dict(open_engine(workspace).versions)
    assert upsert(workspace, "orders", rows) == Change(0, 0, 2)
    assert dict(open_engine(workspace).versions) == versions


def test_a_table_of_an_older_release_gains_its_new_columns(workspace):
    """Before the first write it reads them as null; after it, every file has them."""
    rows = pq.read_table(stage(workspace, "orders", [order("1"), order("2", status="待发货")]))
    older = rows.drop_columns(["status"])
    write_deltalake(workspace.lake / "orders", older, partition_by=["shop_id", "local_date"])
    publish(workspace.lake, {"orders": 0})
    assert [row["status"] for row in rows_of(workspace, "orders", "status")] == [None, None]
    assert upsert(workspace, "orders", [order("1", status="交易成功")]) == Change(0, 1, 0)
    assert upsert(workspace, "orders", [order("2")]) == Change(0, 0, 1)
    assert rows_of(workspace, "orders", "order_no", "status") == [
        {"order_no": "1", "status": "交易成功"},
        {"order_no": "2", "status": None},
    ]


def test_a_corrected_row_updates_and_a_missing_value_erases_nothing(workspace):
    upsert(workspace, "orders", [order("1", pay_amount="9.90", status="待发货"), order("2")])
    change = upsert(workspace, "orders", [order("1", status="交易成功")])
    assert change == Change(0, 1, 0)
    assert rows_of(workspace, "orders", "order_no", "status", "pay_amount_fen") == [
        {"order_no": "1", "status": "交易成功", "pay_amount_fen": 990},
        {"order_no": "2", "status": None, "pay_amount_fen": None},
    ]


def test_a_row_whose_day_changes_is_moved_not_doubled(workspace):
    upsert(workspace, "orders", [order("1"), order("2")])
    upsert(workspace, "orders", [{"order_no": "1", "created_at": "2026-08-09 10:00:00"}])
    assert rows_of(workspace, "orders", "order_no", "local_date") == [
        {"order_no": "1", "local_date": "2026-08-09"},
        {"order_no": "2", "local_date": "2026-08-01"},
    ]


def test_first_reasons_ratings_and_disputes_latch(workspace):
    refund = {"refund_no": "r", "applied_at": SIGNED_AT}
    upsert(workspace, "refunds", [{**refund, "first_reason_code": "质量问题", "reason_code": "a"}])
    upsert(workspace, "refunds", [{**refund, "first_reason_code": "不想要", "reason_code": "b"}])
    assert rows_of(workspace, "refunds", "first_reason_code", "reason_code") == [
        {"first_reason_code": "质量问题", "reason_code": "b"}
    ]
    rating = {"rating_id": "x", "rated_at": SIGNED_AT}
    upsert(workspace, "session_ratings", [{**rating, "level": "不满意", "comment": "慢"}])
    upsert(workspace, "session_ratings", [{**rating, "level": "很满意", "comment": "改了"}])
    assert rows_of(workspace, "session_ratings", "level", "comment") == [
        {"level": "不满意", "comment": "改了"}
    ]


def test_of_a_key_twice_in_one_file_the_last_row_wins(workspace):
    rows = [order("1", status="待发货"), order("1", status="已发货")]
    assert upsert(workspace, "orders", rows) == Change(1, 0, 0)
    assert rows_of(workspace, "orders", "status") == [{"status": "已发货"}]


def test_shops_do_not_touch_each_other(workspace):
    upsert(workspace, "orders", [order("1", shop_id="一店"), order("1", shop_id="b")])
    before = {
        path
        for path in (workspace.lake / "orders").rglob("*.parquet")
        if "shop_id=b" not in str(path)
    }
    assert upsert(workspace, "orders", [order("2", shop_id="b")]) == Change(1, 0, 0)
    assert all(path.exists() for path in before)
    assert rows_of(workspace, "orders", "shop_id", "order_no") == [
        {"shop_id": "b", "order_no": "1"},
        {"shop_id": "b", "order_no": "2"},
        {"shop_id": "一店", "order_no": "1"},
    ]


def test_several_tables_appear_together_or_not_at_all(workspace):
    upsert(workspace, "orders", [order("1")])
    with pytest.raises(RuntimeError), writing(workspace, ["orders", "refunds"]) as write:
        write.upsert("orders", [stage(workspace, "orders", [order("2")])])
        write.upsert("refunds", [stage(workspace, "refunds", [{"refund_no": "r"}])])
        raise RuntimeError("the power went out")
    assert rows_of(workspace, "orders", "order_no") == [{"order_no": "1"}]
    assert "refunds" not in open_engine(workspace).versions
    upsert(workspace, "orders", [order("3")])
    assert [row["order_no"] for row in rows_of(workspace, "orders", "order_no")] == ["1", "3"]


def test_a_reader_keeps_its_version_while_others_write(workspace):
    upsert(workspace, "orders", [order("1")])
    engine = open_engine(workspace)
    assert engine.arrow(engine.table("orders").select("order_no")).num_rows == 1
    upsert(workspace, "orders", [order("2")])
    assert engine.arrow(engine.table("orders").select("order_no")).num_rows == 1


@pytest.mark.parametrize("resident_bytes", [0, 10_000_000])
def test_an_heir_reads_what_is_new_and_keeps_what_is_not(workspace, resident_bytes):
    upsert(workspace, "orders", [order("1")])
    upsert(workspace, "refunds", [{"refund_no": "r1", "applied_at": "2026-08-05 12:00:00"}])
    first = open_engine(workspace, resident_bytes=resident_bytes)
    for name in ("orders", "refunds", "reviews"):
        first.arrow(first.table(name))
    first.kept(first.table("orders"))
    kept = first.table("refunds")
    upsert(workspace, "orders", [order("2")])
    upsert(workspace, "reviews", [{"review_no": "v1", "created_at": "2026-08-05 12:00:00"}])
    heir = open_engine(workspace, resident_bytes=resident_bytes, after=first)
    assert heir.table("refunds") is kept
    assert {name: heir.arrow(heir.table(name)).num_rows for name in ("orders", "reviews")} == {
        "orders": 2,
        "reviews": 1,
    }
    assert heir.shops("reviews") == heir.shops("orders")
    assert heir.arrow(heir.kept(heir.table("orders"))).num_rows == 2


def test_a_second_writer_waits_and_says_so(workspace):
    waited, entered = [], threading.Event()

    def second():
        with writing(workspace, ["orders"], waited.append) as write:
            write.upsert("orders", [stage(workspace, "orders", [order("2")], 2)])

    with writing(workspace, ["orders"]) as write:
        thread = threading.Thread(target=second)
        thread.start()
        deadline = time.monotonic() + 20
        while not waited and time.monotonic() < deadline:
            entered.wait(0.01)
        write.upsert("orders", [stage(workspace, "orders", [order("1")], 1)])
    thread.join()
    assert waited == ["orders"]
    assert len(rows_of(workspace, "orders", "order_no")) == 2


def test_a_newer_workspace_is_refused_unchanged(workspace):
    settings = workspace.root / "workspace.toml"
    settings.write_text('format = 99\nzone = "Asia/Shanghai"\n')
    with pytest.raises(BadInputError, match="升级"):
        open_workspace(workspace.root)
    assert "99" in settings.read_text()


def test_a_zone_with_daylight_saving_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="夏令时"):
        create_workspace(tmp_path / "ny", "America/New_York")
    assert not (tmp_path / "ny" / "workspace.toml").exists()


def test_secrets_are_for_the_owner_only(workspace):
    salt = workspace.salt("s")
    path = workspace.root / "secrets" / "s.salt"
    assert path.stat().st_mode & 0o777 == 0o600
    assert workspace.salt("s") == salt
    path.chmod(0o644)
    with pytest.raises(BadInputError, match="chmod 600"):
        workspace.salt("s")


FULL_DISK = """
import resource, sys
from pathlib import Path
from huisheng.errors import UnavailableError
from huisheng.lake import open_workspace, writing
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
workspace = open_workspace(Path(sys.argv[1]))
try:
    with writing(workspace, ["orders"]) as write:
        write.upsert("orders", [Path(sys.argv[2])])
except UnavailableError as exc:
    print("REFUSED", exc)
"""


def test_a_disk_that_takes_no_more_loses_nothing(workspace):
    upsert(workspace, "orders", [order("1")])
    rows = [order(f"n{n}", pay_no=f"{n * 7919:032x}") for n in range(20_000)]
    staged = stage(workspace, "orders", rows, 9)
    command = [sys.executable, "-c", FULL_DISK, str(workspace.root), str(staged)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "REFUSED" in result.stdout, result.stderr
    assert rows_of(workspace, "orders", "order_no") == [{"order_no": "1"}]
    assert upsert(workspace, "orders", [order("2")]) == Change(1, 0, 0)
