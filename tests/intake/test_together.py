"""Rows of one order stay together, however a file is cut into blocks."""

import csv
import io
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import huisheng.intake.reading.together as together
from huisheng.errors import BadInputError
from huisheng.intake import all_connectors
from huisheng.intake.connector import ROW
from huisheng.intake.reading.together import kept_together

MEMO = "好" * 17_000  # 50 kB, so that a block of 4 MB holds about 80 lines
LINES = 130  # of one order: more than a block


def douyin(lines: list[dict]) -> str:
    header = ["主订单编号", "子订单编号", "选购商品", "订单应付金额", "商品金额", "订单提交时间",
              "订单状态", "买家留言"]  # fmt: skip
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header)
    writer.writeheader()
    writer.writerows(lines)
    return stream.getvalue()


def test_an_order_across_blocks_is_summed_whole(desk):
    lines = [
        {
            "主订单编号": f"\t69200000000000000{order}",
            "子订单编号": f"\t69200000000000000{order}{at:03}",
            "选购商品": "毛巾",
            "订单应付金额": "1.01",
            "商品金额": "2.00",
            "订单提交时间": "2026-08-01 10:00:00",
            "订单状态": "待发货" if at == LINES - 1 else "已完成",
            "买家留言": MEMO,
        }
        for order in range(3)
        for at in range(LINES)
    ]
    desk.take("抖店.csv", douyin(lines))
    orders = desk.rows("orders", "pay_amount_fen", "total_amount_fen", "status")
    whole = {"pay_amount_fen": 101 * LINES, "total_amount_fen": 200 * LINES, "status": "待发货"}
    assert orders == [whole] * 3
    assert len(desk.rows("order_items")) == 3 * LINES


@pytest.mark.parametrize("name", sorted(all_connectors()))
def test_what_is_kept_together_is_a_required_column(name):
    connector = all_connectors()[name]
    assert connector.together in connector.header | {""}


def table(values: list[str | None], first_row: int) -> pa.Table:
    numbers = pa.array(range(first_row, first_row + len(values)), pa.int64())
    return pa.table({"订单号": pa.array(values, pa.string()), ROW: numbers})


@given(st.lists(st.lists(st.sampled_from(["A", "\tA", "B", "C", None]), max_size=6), max_size=8))
def test_no_run_is_cut_and_no_row_is_lost(blocks):
    tables, row = [], 1
    for block in blocks:
        tables.append(table(block, row))
        row += len(block)
    given_rows = [pair for each in tables for pair in zip(*each.to_pydict().values(), strict=True)]
    batches = [each.to_pydict() for each in kept_together("x", tables, "订单号")]
    kept = [pair for each in batches for pair in zip(*each.values(), strict=True)]
    assert kept == given_rows
    for left, right in pairwise(batches):
        last, first = left["订单号"][-1:], right["订单号"][:1]
        assert not last[0] or not first[0] or last[0].strip() != first[0].strip()


def test_batches_are_given_on_as_soon_as_their_run_ends():
    read = []

    def batches():
        for at in range(50):
            read.append(at)
            yield table(["A" * (1 + at // 2), f"B{at}"], 2 * at)

    sizes = []
    for batch in kept_together("x", batches(), "订单号"):
        sizes.append(batch.num_rows)
        assert len(read) <= len(sizes) + 1
    assert max(sizes) == 2


def test_rows_without_the_column_or_its_value_wait_for_nothing():
    plain = [table([None, None], 1), table([None], 3)]
    assert [b.num_rows for b in kept_together("x", plain, "订单号")] == [2, 1]
    assert [b.num_rows for b in kept_together("x", plain, "")] == [2, 1]


def test_a_run_beyond_reason_is_refused(monkeypatch):
    monkeypatch.setattr(together, "MOST_ROWS", 5)
    endless = (table(["A"] * 2, 2 * at) for at in range(100))
    with pytest.raises(BadInputError, match="同一个值连续超过 5 行"):
        list(kept_together("x.csv", endless, "订单号"))
