"""Computed tables hold as long as what they were computed from, and no longer."""

import pyarrow.parquet as pq
import pytest

from huisheng.lake import (
    Computation,
    Computed,
    computed_stamp,
    create_workspace,
    forget_computed,
    keep_computed,
    open_engine,
    writing,
)
from huisheng.records import all_tables, table_from_rows


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "ws")
    order(made, "1")
    return made


def order(workspace, number):
    publish(
        workspace,
        "orders",
        {"shop_id": "s", "order_no": number, "created_at": "2026-08-01 10:00:00"},
    )


def publish(workspace, name, row):
    path = workspace.root / "staged.parquet"
    pq.write_table(table_from_rows(name, [row], all_tables(), workspace.offset_us), path)
    with writing(workspace, [name]) as write:
        write.upsert(name, [path])


def keep(workspace, recipe="one"):
    engine = open_engine(workspace)
    orders = engine.table("orders").group_by("shop_id").aggregate(orders=lambda rows: rows.count())
    made = {"order_counts": Computation(orders, frozenset({"orders"}))}
    keep_computed(workspace, engine, made, recipe)


def counted(workspace, recipe="one"):
    engine = open_engine(workspace)
    found = Computed(workspace, engine, recipe).get("order_counts")
    return None if found is None else engine.arrow(found).to_pylist()


def test_what_was_kept_is_read_again(workspace):
    assert counted(workspace) is None
    assert computed_stamp(workspace) == 0
    keep(workspace)
    assert counted(workspace) == [{"shop_id": "s", "orders": 1}]
    assert computed_stamp(workspace) > 0


def test_a_new_fact_ends_what_was_computed_from_its_table_alone(workspace):
    keep(workspace)
    publish(workspace, "shops", {"shop_id": "s", "name": "店"})
    assert counted(workspace) is not None
    order(workspace, "2")
    assert counted(workspace) is None
    keep(workspace)
    assert counted(workspace) == [{"shop_id": "s", "orders": 2}]


def test_another_recipe_and_another_name_find_nothing(workspace):
    keep(workspace)
    assert counted(workspace, recipe="another") is None
    assert Computed(workspace, open_engine(workspace), "one").get("refund_counts") is None


def test_what_is_part_of_a_run_holds_until_the_next_run(workspace):
    engine = open_engine(workspace)
    orders = engine.table("orders")
    made = {
        name: Computation(orders.aggregate(rows=orders.count()), sources)
        for name, sources in (("of_run", frozenset()), ("of_facts", frozenset({"orders"})))
    }
    keep_computed(workspace, engine, made, "one")
    order(workspace, "2")
    later = open_engine(workspace)
    kept = Computed(workspace, later, "another")
    assert later.arrow(kept.get("of_run")).to_pylist() == [{"rows": 1}]
    assert kept.get("of_facts") is None
    forget_computed(workspace)
    assert Computed(workspace, later, "one").get("of_run") is None


def test_whoever_reads_while_a_new_one_is_kept_reads_on(workspace):
    keep(workspace)
    engine = open_engine(workspace)
    held = Computed(workspace, engine, "one").get("order_counts")
    order(workspace, "2")
    keep(workspace)
    assert engine.arrow(held).to_pylist() == [{"shop_id": "s", "orders": 1}]
    folders = [path for path in (workspace.root / "computed").iterdir() if path.is_dir()]
    assert len(folders) == 2
    order(workspace, "3")
    keep(workspace)
    assert len([path for path in (workspace.root / "computed").iterdir() if path.is_dir()]) == 2


def test_nothing_is_left_of_what_is_forgotten(workspace):
    keep(workspace)
    forget_computed(workspace)
    assert not (workspace.root / "computed").exists()
    assert counted(workspace) is None
    keep(workspace)
    assert counted(workspace) == [{"shop_id": "s", "orders": 1}]


def test_a_damaged_index_is_as_good_as_none(workspace):
    keep(workspace)
    (workspace.root / "computed" / "index.json").write_text("{")
    assert counted(workspace) is None
    keep(workspace)
    assert counted(workspace) == [{"shop_id": "s", "orders": 1}]
