"""A killed import leaves whole files or nothing; two imports at once both land."""

import random
import subprocess
import sys
import time
from pathlib import Path

from huisheng.intake import read_quarantine
from huisheng.lake import read_manifest

ROOT = Path(__file__).parents[2]
KILLS = 20
ORDERS_PER_FILE = 40
HEADER = "平台订单号,实付,SKU编码,件数,下单时间\n"


def sales_file(desk, number: int) -> Path:
    """Write a file of orders with two items each and one bad row."""
    lines = [
        f"F{number}-{at},{at}.00,S{item},1,2026-08-{at % 28 + 1:02} 10:00:00\n"
        for at in range(ORDERS_PER_FILE)
        for item in range(2)
    ]
    return desk.write(f"销售{number:03}.csv", f"{HEADER}{''.join(lines)}坏行,多少钱,S1,1,\n")


def start(desk, files: list[Path]) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.import_in_turn", desk.workspace.root, *files],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def landed_files(desk) -> int:
    """Return how many files landed, having checked that each did so whole."""
    orders = desk.column("orders", "order_no")
    items = desk.column("order_items", "sub_order_no")
    assert len(set(orders)) == len(orders)
    assert len(set(items)) == len(items)
    whole, rest = divmod(len(orders), ORDERS_PER_FILE)
    assert rest == 0
    assert len(items) == 2 * len(orders)
    assert len(desk.rows("import_batches")) == whole
    return whole


def test_kill_after_kill_every_table_is_whole(desk):
    chance = random.Random(7)
    files = [sales_file(desk, number) for number in range(200)]
    done, survived = 0, 0
    for _ in range(KILLS):
        process = start(desk, files[done:])
        time.sleep(chance.uniform(0.0, 2.5))
        process.kill()
        process.communicate()
        survived += process.returncode == 0
        now = landed_files(desk)
        assert now >= done
        done = now
    assert survived == 0, "the process was never killed while importing"
    assert done > 0
    desk.report(files[done])
    assert landed_files(desk) == done + 1
    assert read_quarantine(desk.workspace).num_rows in (done + 1, done + 2)
    staging = desk.workspace.lake / "staging"
    assert [path for path in staging.iterdir() if path.is_dir()] == []


def test_two_imports_at_once_both_land(desk):
    first, second = sales_file(desk, 1), sales_file(desk, 2)
    before = read_manifest(desk.workspace.lake).sequence
    processes = [start(desk, [first]), start(desk, [second])]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert landed_files(desk) == 2
    assert read_manifest(desk.workspace.lake).sequence == before + 2
