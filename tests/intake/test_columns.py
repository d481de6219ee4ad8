"""The column tools that connectors share."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huisheng.intake.columns import (
    city,
    identity,
    legible,
    one_per,
    parcels,
    pick,
    province,
    total,
)
from huisheng.intake.connector import ROW

CENTS = st.integers(-(10**9), 10**9)


def yuan(cents: int) -> str:
    return str(Decimal(cents) / 100)


def table(**columns: list) -> pa.Table:
    rows = pa.array(range(1, len(next(iter(columns.values()))) + 1), pa.int64())
    return pa.table({ROW: rows} | {name: pa.array(v, pa.string()) for name, v in columns.items()})


def test_pick_takes_the_first_alias_that_is_there_row_by_row():
    raw = table(new=["1", None, None], old=["9", "2", None])
    assert pick(raw, "absent", "new", "old").to_pylist() == ["1", "2", None]
    assert pick(raw, "absent").to_pylist() == [None, None, None]


def test_one_per_gathers_what_is_there_and_counts_nothing_twice():
    rows = table(
        order=["A", "B", "A", None, None],
        memo=[None, "x", "y", "p", "q"],
        fee=["1,000.10", "2元", "0.90", "5", "6"],
        status=["2", "3", "1", "9", "9"],
        agent=["m", "n", None, "o", "o"],
    )
    found = one_per(rows, "order", summed={"fee"}, least={"status"}, last={"agent"}).to_pylist()
    assert found == [
        {ROW: 1, "order": "A", "memo": "y", "fee": "1001.00", "status": "1", "agent": "m"},
        {ROW: 2, "order": "B", "memo": "x", "fee": "2.00", "status": "3", "agent": "n"},
        {ROW: 4, "order": None, "memo": "p", "fee": "5", "status": "9", "agent": "o"},
        {ROW: 5, "order": None, "memo": "q", "fee": "6", "status": "9", "agent": "o"},
    ]


def test_an_unreadable_part_makes_the_whole_sum_unreadable():
    rows = table(order=["A", "A"], fee=["1.00", "两元"])
    assert one_per(rows, "order", summed={"fee"})["fee"].to_pylist() == ["两元"]
    assert total(rows["fee"].combine_chunks(), rows["fee"].combine_chunks()).to_pylist() == [
        "2.00",
        "两元",
    ]


def test_a_sum_of_nothing_is_nothing():
    nothing = pa.nulls(1, pa.string())
    assert total(nothing, nothing).to_pylist() == [None]
    assert total(nothing, pa.array(["3"])).to_pylist() == ["3.00"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), CENTS), min_size=1, max_size=30))
def test_the_sums_per_key_are_exact_and_add_up(pairs):
    rows = table(order=[key for key, _ in pairs], fee=[yuan(cents) for _, cents in pairs])
    found = one_per(rows, "order", summed={"fee"}).to_pylist()
    sums = {row["order"]: Decimal(row["fee"]) * 100 for row in found}
    for key in sums:
        assert sums[key] == sum(cents for other, cents in pairs if other == key)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("浙江省 杭州市 西湖区 文一路1号", ("浙江", "杭州市")),
        ("内蒙古自治区呼和浩特市新城区", ("内蒙古", "呼和浩特市")),
        ("北京朝阳区某街道1号", ("北京", "北京")),
        ("上海 上海市 浦东新区", ("上海", "上海")),
        ("新疆维吾尔自治区 巴音郭楞蒙古自治州 ***", ("新疆", "巴音郭楞蒙古自治州")),
        ("海南省 琼中县 营根镇 大超市旁", ("海南", None)),
        ("李家村东头", (None, None)),
    ],
)
def test_an_address_gives_province_and_city_and_never_a_street(address, where):
    places = pa.array([address])
    assert (province(places)[0].as_py(), city(places)[0].as_py()) == where


@pytest.mark.parametrize("hidden", ["##Xk1Z==##", "$$Q2hh==$$", "~AbC", "t***8", "****"])
def test_what_a_platform_hides_identifies_nobody(hidden):
    assert legible(pa.array([hidden, "麦子"])).to_pylist() == [None, "麦子"]
    assert identity(pa.array(["麦子"]), pa.array([hidden])).to_pylist() == [None]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("圆通速递:YT8800112233445", [("圆通速递", "YT8800112233445")]),
        ("No:3101020304050", [(None, "3101020304050")]),
        ("中通快递-78600000000101；极兔速递-JT0000000000401",
         [("中通快递", "78600000000101"), ("极兔速递", "JT0000000000401")]),
        ("顺丰 快递单号：SF1000000000103 已签收", [("顺丰", "SF1000000000103")]),
        ("派件员电话 13900000001", []),
        ("2026-05-04 10:00:00 无需物流", []),
        (None, []),
    ],
)  # fmt: skip
def test_parcels_are_found_in_what_platforms_write(text, found):
    at, carrier, number = parcels(pa.array([None, text], pa.string()))
    assert list(zip(carrier.to_pylist(), number.to_pylist(), strict=True)) == found
    assert set(at.to_pylist()) <= {1}
