"""An import taken back leaves the lake as it was, row for row, or says why it cannot."""

import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from huisheng.errors import NotAllowedError
from huisheng.intake import read_quarantine
from huisheng.intake.undoing import plan_undo, together, undo_imports, undoable
from huisheng.lake import open_engine, read_manifest, writing
from huisheng.records import all_tables, table_from_rows
from tests.intake.importing import NOW_US

ROOT = Path(__file__).parents[2]
HEAD = "order_no,status,pay_amount,created_at,buyer_memo\n"


def orders(*numbers, status="待发货", day=1, memo=""):
    return HEAD + "".join(
        f"{n},{status},{n}.50,2026-08-{day:02} 10:00:00,{memo}\n" for n in numbers
    )


def everything(desk):
    """Return every row of every table, provenance and fingerprints included, in order of key."""
    engine = open_engine(desk.workspace)
    found = {}
    for name, table in all_tables().items():
        rows = engine.arrow(engine.table(name)).to_pylist()
        found[name] = sorted(rows, key=lambda row: [str(row[part]) for part in table.lake_key])
    return {name: rows for name, rows in found.items() if rows}


def last(desk):
    return undoable(desk.workspace)[-1]


def undo(desk, *imports):
    return undo_imports(desk.workspace, [each.mark for each in imports])


def test_the_state_before_comes_back_row_for_row(desk):
    """B inserts rows, changes some of A's, moves one to another day; other tables are touched."""
    desk.take("orders_a.csv", orders(*range(1, 9), memo="A 的备注"), shop_id="s")
    desk.take("agents.csv", "agent_id,display_name\na1,A\n", shop_id="s")
    after_a = everything(desk)
    b = orders(1, 2, status="交易成功", day=1) + orders(3, day=9).removeprefix(HEAD)
    b += orders(*range(50, 60), day=2).removeprefix(HEAD)
    desk.take("orders_b.csv", b, shop_id="s", now_us=NOW_US + 1)
    changed = everything(desk)
    assert changed["orders"] != after_a["orders"]
    plan = plan_undo(desk.workspace, [last(desk)])
    assert [(t.table, t.vanishing, t.reverting) for t in plan.tables] == [("orders", 10, 3)]
    before = read_manifest(desk.workspace.lake).sequence
    undo(desk, last(desk))
    assert read_manifest(desk.workspace.lake).sequence == before + 1
    assert everything(desk) == after_a
    desk.take("orders_b.csv", b, shop_id="s", now_us=NOW_US + 1)
    again = everything(desk)
    assert again["orders"] == changed["orders"]


def test_the_first_import_undone_leaves_an_empty_lake_that_can_be_filled_again(desk):
    desk.take("orders.csv", orders(1, 2, 3))
    filled = everything(desk)
    undo(desk, last(desk))
    assert everything(desk) == {}
    report = desk.take("orders.csv", orders(1, 2, 3))
    assert report.changes["orders"].inserted == 3
    assert {**everything(desk), "import_batches": 0} == {**filled, "import_batches": 0}


def test_the_same_change_is_undone_once(desk):
    """A killed job does its work again: that must not take an older change along."""
    desk.take("orders_a.csv", orders(1, 2))
    desk.take("orders_b.csv", orders(2, 3, status="交易成功"), now_us=NOW_US + 1)
    desk.take("orders_a.csv", orders(1, 2), now_us=NOW_US + 2)
    after_b_and_a = everything(desk)
    again = last(desk)
    assert again.file == "orders_a.csv"
    undo(desk, again)
    undone = everything(desk)
    assert undone["orders"] != after_b_and_a["orders"]
    assert undo(desk, again) is None
    assert everything(desk) == undone
    undo(desk, last(desk))
    undo(desk, last(desk))
    assert everything(desk) == {}


def test_several_imports_that_build_on_each_other_go_together_or_not_at_all(desk):
    desk.take("agents.csv", "agent_id,display_name\na1,A\n")
    base = everything(desk)
    for number in range(1, 4):
        desk.take(f"orders_{number}.csv", orders(number, 9), now_us=NOW_US + number)
    desk.take("products.csv", "product_id,title\np1,灯\n", now_us=NOW_US + 9)
    first = undoable(desk.workspace)[1]
    with pytest.raises(NotAllowedError, match=r"orders_2\.csv"):
        undo(desk, first)
    chosen = together(undoable(desk.workspace), first.file_hash)
    assert [each.file for each in chosen] == ["orders_1.csv", "orders_2.csv", "orders_3.csv"]
    undo(desk, *chosen)
    left = everything(desk)
    assert "orders" not in left
    assert left["agents"] == base["agents"]
    assert len(left["products"]) == 1
    assert len(left["import_batches"]) == 2


def test_other_shops_go_on_meanwhile(desk):
    desk.take("a.csv", orders(1, 2), shop_id="甲店")
    mine = last(desk)
    desk.take("b.csv", orders(1, 3), shop_id="b", now_us=NOW_US + 1)
    theirs = [row for row in everything(desk)["orders"] if row["shop_id"] == "b"]
    undo(desk, mine)
    assert everything(desk)["orders"] == theirs
    assert [row["shop_id"] for row in desk.rows("import_batches")] == ["b"]


def test_what_was_changed_otherwise_since_is_not_thrown_away(desk, tmp_path):
    desk.take("orders.csv", orders(1, 2))
    rows = table_from_rows(
        "orders",
        [{"shop_id": "shop", "order_no": "1", "buyer_memo": "***", "created_at": "2026-08-01"}],
        all_tables(),
        desk.workspace.offset_us,
    )
    pq.write_table(rows, tmp_path / "edit.parquet")
    with writing(desk.workspace, ["orders"]) as write:
        write.upsert("orders", [tmp_path / "edit.parquet"])
    before = everything(desk)
    with pytest.raises(NotAllowedError, match="别的操作"):
        undo(desk, last(desk))
    assert everything(desk) == before


def test_history_that_is_gone_cannot_come_back(desk):
    desk.take("orders_a.csv", orders(1, 2))
    desk.take("orders_b.csv", orders(2, 3, status="交易成功"), now_us=NOW_US + 1)
    before = everything(desk)
    table = DeltaTable(str(desk.workspace.lake / "orders"))
    table.vacuum(0, dry_run=False, enforce_retention_duration=False)
    with pytest.raises(NotAllowedError, match="已经清理"):
        undo(desk, last(desk))
    assert everything(desk) == before


def test_labels_go_with_their_rows_and_people_keep_what_they_said_of_the_others(desk, tmp_path):
    desk.take("reviews_a.csv", "review_no,content,created_at\nr1,很好,2026-08-01\n")
    b = "review_no,content,created_at\nr1,很好用,2026-08-01\nr2,坏了,2026-08-01\n"
    desk.take("reviews_b.csv", b, now_us=NOW_US + 1)
    said = [
        {"table_name": "reviews", "row_id": row, "head": "sentiment", "label": "x", "value": 1,
         "source": source, "version": source, "at": "2026-08-01 10:00:00", "shop_id": "shop"}
        for row in ("r1", "r2", "elsewhere") for source in ("model", "human")
    ]  # fmt: skip
    labels = table_from_rows("labels", said, all_tables(), desk.workspace.offset_us)
    pq.write_table(labels, tmp_path / "labels.parquet")
    with writing(desk.workspace, ["labels"]) as write:
        write.upsert("labels", [tmp_path / "labels.parquet"])
    (reviews,) = plan_undo(desk.workspace, [last(desk)]).tables
    assert (reviews.vanishing, reviews.reverting, reviews.labels, reviews.judged) == (1, 1, 3, 1)
    undo(desk, last(desk))
    assert sorted((row["row_id"], row["source"]) for row in desk.rows("labels")) == [
        ("elsewhere", "human"),
        ("elsewhere", "model"),
        ("r1", "human"),
    ]
    assert desk.column("reviews", "content") == ["很好"]


def test_rejected_rows_of_the_version_before_are_open_again(desk):
    bad = HEAD + "1,待发货,12,2026-08-01,\n2,待发货,很多,2026-08-01,\n"
    worse = HEAD + "1,待发货,很多,2026-08-01,\n2,待发货,多,2026-08-01,\n3,待发货,3,2026-08-01,\n"
    desk.take("orders.csv", bad)
    first = read_quarantine(desk.workspace)
    desk.take("orders.csv", worse, now_us=NOW_US + 1)
    assert read_quarantine(desk.workspace).num_rows == 2
    undo(desk, last(desk))
    assert read_quarantine(desk.workspace).equals(first)
    undo(desk, last(desk))
    assert read_quarantine(desk.workspace).num_rows == 0


def test_an_undo_killed_anywhere_is_whole_or_nothing(desk):
    """Kill after kill: the lake is as before the undo or as after it, and the next try succeeds."""
    desk.take("orders_a.csv", orders(*range(1, 40)))
    after_a = everything(desk)
    b = HEAD + "".join(orders(n, status="已发货", day=1 + n % 28).removeprefix(HEAD) for n in
                       range(20, 400))  # fmt: skip
    desk.take("orders_b.csv", b, now_us=NOW_US + 1)
    after_b, mark = everything(desk), last(desk).mark
    seen = set()
    for wait_s in (0.02, 0.08, 0.15, 0.25, 0.4, 10.0):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(desk.workspace.root), mark],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        deadline = time.monotonic() + wait_s
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        process.communicate()
        now = everything(desk)
        assert now in (after_a, after_b)
        seen.add(now == after_a)
    assert seen == {True, False}, "no kill came in time"
    assert everything(desk) == after_a


KILLED = """
import sys
from pathlib import Path
from huisheng.intake.undoing import undo_imports, undoable
from huisheng.lake import open_workspace
workspace = open_workspace(Path(sys.argv[1]))
undoable(workspace)
print("ready", flush=True)
undo_imports(workspace, [sys.argv[2]])
"""
