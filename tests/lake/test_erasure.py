"""Forgetting: the rows are gone from every file and every log, and nothing else has changed."""

import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from huisheng.lake import create_workspace, erasure, open_engine, open_workspace, writing
from huisheng.records import all_tables, table_from_rows


def order(number, shop="s", day=1, **cells):
    return {
        "shop_id": shop,
        "order_no": number,
        "created_at": f"2026-08-{day:02d} 10:00:00",
        **cells,
    }


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "ws")
    rows = [order(f"{shop}{day}-{n}", shop, day, buyer_memo=f"memo {n}", pay_amount="1.5")
            for shop in ("s", "一店") for day in (1, 2, 3) for n in (1, 2)]  # fmt: skip
    path = tmp_path / "orders.parquet"
    pq.write_table(table_from_rows("orders", rows, all_tables(), made.offset_us), path)
    with writing(made, ["orders"]) as write:
        write.upsert("orders", [path])
    return made


def rows_of(workspace):
    engine = open_engine(workspace)
    return engine.arrow(engine.table("orders").order_by(["shop_id", "order_no"])).to_pylist()


def forget(workspace, met, **more):
    with writing(workspace, ["orders"]) as write:
        return erasure.forget(write, workspace, "orders", met, **more)


def stored_bytes(workspace):
    files = [path for path in workspace.lake.rglob("*") if path.is_file()]
    return {path: path.read_bytes() for path in files}


def test_listed_rows_vanish_and_the_others_stay_as_they_were(workspace):
    before = rows_of(workspace)
    listed = pa.table({"shop_id": ["s", "一店", "s"], "order_no": ["s2-1", "一店1-1", "s3-9"]})
    met = erasure.keys_listed("orders")
    assert forget(workspace, met, listed=listed) == 2
    gone = {"s2-1", "一店1-1"}
    assert rows_of(workspace) == [row for row in before if row["order_no"] not in gone]
    assert forget(workspace, met, listed=listed) == 0


def test_days_without_such_rows_are_not_touched(workspace):
    before = set((workspace.lake / "orders").rglob("*local_date=2026-08-01/*.parquet"))
    forget(workspace, "order_no = 's2-1'")
    delta = DeltaTable(str(workspace.lake / "orders"))
    now = {uri.removeprefix("file://") for uri in delta.file_uris()}
    assert before and {str(path) for path in before} <= now


def test_a_day_of_which_nothing_is_left_is_gone(workspace):
    assert forget(workspace, "local_date = '2026-08-02'") == 4
    assert {row["local_date"] for row in rows_of(workspace)} == {"2026-08-01", "2026-08-03"}


def test_blanked_columns_are_null_and_nothing_else_changes(workspace):
    before = rows_of(workspace)
    met = "local_date < '2026-08-03' AND buyer_memo IS NOT NULL"
    assert forget(workspace, met, blank=["buyer_memo"]) == 8
    after = rows_of(workspace)
    for old, new in zip(before, after, strict=True):
        kept = old["local_date"] == "2026-08-03"
        assert new["buyer_memo"] == (old["buyer_memo"] if kept else None)
        assert (new["row_hash"] == old["row_hash"]) is kept
        same = set(old) - {"buyer_memo", "row_hash"}
        assert {name: old[name] for name in same} == {name: new[name] for name in same}
    assert forget(workspace, met, blank=["buyer_memo"]) == 0


def test_after_a_purge_no_file_and_no_log_names_what_was_forgotten(workspace):
    forget(workspace, "order_no = 's2-1'")
    erasure.purge(workspace, ["orders"])
    folder = workspace.lake / "orders"
    for path in folder.rglob("*.parquet"):
        if "_delta_log" not in path.parts:
            assert "s2-1" not in pq.read_table(path, partitioning=None)["order_no"].to_pylist()
    for path, content in stored_bytes(workspace).items():
        assert b"s2-1" not in content, path
    assert len(rows_of(workspace)) == 11


def test_a_table_that_nobody_wrote_has_nothing_to_forget(workspace):
    with writing(workspace, ["reviews"]) as write:
        assert erasure.forget(write, workspace, "reviews", "true") == 0
    erasure.purge(workspace, ["reviews"])


KILLED = """
import os, signal, sys
from pathlib import Path
from huisheng.lake import erasure, open_workspace, writing
workspace = open_workspace(Path(sys.argv[1]))
with writing(workspace, ["orders"]) as write:
    erasure.forget(write, workspace, "orders", "shop_id = 's'")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_erasure_shows_everything_or_nothing_and_can_be_done_again(workspace):
    before = rows_of(workspace)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(workspace.root)], check=False)
    assert ended.returncode == -9
    again = open_workspace(workspace.root)
    assert rows_of(again) == before
    assert forget(again, "shop_id = 's'") == 6
    assert {row["shop_id"] for row in rows_of(again)} == {"一店"}
