"""A message about a cell names the column as the file at hand does, and says what to do."""

import csv
from pathlib import Path

import pytest

import huisheng.intake.connectors as folder
from huisheng.intake import all_connectors, read_quarantine
from huisheng.intake.naming import file_headers
from huisheng.intake.reading.sheet import Sheet
from huisheng.intake.recognition import connector_plan

PDD = Path(folder.__path__[0]) / "pdd_orders" / "sample.csv"


def complaints(desk) -> list[tuple[str, str]]:
    return [(row["column"], row["reason"]) for row in read_quarantine(desk.workspace).to_pylist()]


def test_an_exports_own_headers(desk):
    with PDD.open(encoding="utf-8-sig", newline="") as stream:
        header, good, *_ = csv.reader(stream)
    amount, number = header.index("商品总价(元)"), header.index("订单号")
    wrong, lost = list(good), list(good)
    wrong[amount], wrong[number], lost[number] = "一百", "260801-000000000000001", ""
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (header, wrong, lost))
    desk.take("拼多多.csv", text)
    assert complaints(desk) == [
        ("商品总价(元)（total_amount）", "不是金额，请写成 12.50 的样子"),
        ("订单号（order_no）", "缺少主订单号，请补上"),
    ]


def test_a_mapped_files_headers_and_canonical_ones(desk):
    desk.take("我的订单.csv", "订单编号,实付金额,付款时间\nA1,1.00,昨天\n")
    desk.take("orders.csv", "order_no,paid_at\nA1,昨天\n")
    assert {column for column, _ in complaints(desk)} == {"付款时间（paid_at）", "paid_at"}
    assert {"请写成" in reason for _, reason in complaints(desk)} == {True}


def test_a_sum_is_named_by_the_part_that_cannot_be_read(desk):
    header = "主订单编号,子订单编号,选购商品,订单应付金额,订单提交时间,平台实际承担优惠金额"
    desk.take("抖店.csv", f"{header}\n1,11,毛巾,9.9,2026-08-01 10:00:00,三块\n")
    assert complaints(desk)[0][0] == "平台实际承担优惠金额（platform_subsidy）"


@pytest.mark.parametrize("name", sorted(all_connectors()))
def test_every_connector_can_be_asked(name):
    connector = all_connectors()[name]
    header = tuple(sorted(connector.header))
    names = file_headers(connector_plan(connector, header), Sheet("", header, iter([])))
    assert set(names.values()) <= connector.header
    assert bool(names) == bool(header)
