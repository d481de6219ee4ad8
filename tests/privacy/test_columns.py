"""Columns: each kind's mask, nulls, what platforms masked already, and entities by row."""

import pyarrow as pa
import pytest

from huisheng.privacy import Kind, MaskKind, entities_column, mask_column

VALUES = {
    MaskKind.NAME: [
        ("张三", "张**"),
        ("欧阳明月", "欧**"),
        ("张*", "张*"),
        ("##密文==", "##密文=="),
    ],
    MaskKind.PHONE: [
        ("13812345678", "138****5678"),
        ("138****5678", "138****5678"),
        ("13812345678-1234", "****34"),
        ("0571-88886666", "0571-****6666"),
        ("+1 415 555 2671", "****71"),
        ("$$AbC==", "$$AbC=="),
    ],
    MaskKind.ADDRESS: [
        ("浙江省杭州市西湖区文三路123号", "浙江省杭州市***"),
        ("浙江省 杭州市 西湖区", "浙江省 杭州市***"),
        ("北京市朝阳区建国路88号", "北京市***"),
        ("四川省", "四川省"),
        ("文三路123号", "***"),
        ("浙江省杭州市****", "浙江省杭州市****"),
        ("****", "****"),
    ],
    MaskKind.NICK: [("t12345678", "t***8"), ("小鱼", "小***"), ("t***8", "t***8")],
    MaskKind.PAYEE: [
        ("13812345678", "138****5678"),
        ("abc@x.com", "a***@x.com"),
        ("张三 13812345678", "张** 138****5678"),
        ("zhangsan88", "z**"),
        ("6222021234567890128", "6222 **** **** 0128"),
    ],
    MaskKind.EMAIL: [("abc@x.com", "a***@x.com"), ("a***@x.com", "a***@x.com"), ("无效", "无**")],
    MaskKind.TAX_ID: [("91330106MA27XXXX1Y", "***XX1Y"), ("***XX1Y", "***XX1Y")],
    MaskKind.SECRET: [("123456", "******"), ("******", "******")],
    MaskKind.FREE_TEXT: [("我的电话13812345678", "我的电话138****5678"), ("在吗", "在吗")],
}


@pytest.mark.parametrize("kind", MaskKind)
def test_a_value_is_masked_by_what_its_column_holds(kind: MaskKind) -> None:
    raw, masked = zip(*VALUES[kind], strict=True)
    assert mask_column(pa.array(raw), kind).to_pylist() == list(masked)


@pytest.mark.parametrize("kind", MaskKind)
def test_nulls_and_blanks_stay(kind: MaskKind) -> None:
    column = pa.array([None, "", " ", None], pa.string())
    assert mask_column(column, kind) == column
    assert len(mask_column(pa.array([], pa.string()), kind)) == 0


def test_chunked_large_and_dictionary_strings_are_taken() -> None:
    raw = ["电话13812345678", None, "在吗", "电话13812345678"]
    masked = ["电话138****5678", None, "在吗", "电话138****5678"]
    chunked = pa.chunked_array([raw[:2], raw[2:]], pa.string())
    for column in (
        chunked,
        pa.array(raw, pa.large_string()),
        pa.array(raw).dictionary_encode(),
        pa.array(["x", *raw])[1:],
    ):
        assert mask_column(column, MaskKind.FREE_TEXT).to_pylist() == masked


def test_own_values_stay_in_columns_too() -> None:
    column = pa.array(["打400-123-4567"])
    assert mask_column(column, MaskKind.FREE_TEXT, ["4001234567"]) == column


def test_links_are_listed_by_row() -> None:
    column = pa.chunked_array(
        [
            ["在吗", "订单4123456789012345678和240506-123456789012345", None],
            ["https://item.jd.com/100012345678.html 快递SF1234567890123", "13812345678"],
            ["订单4123456789012345678和240506-123456789012345"],
        ]
    )
    found = entities_column(column)
    assert found.schema.names == ["row", "kind", "value"]
    assert found.schema.field("row").type == pa.int64()
    assert list(zip(*(found[name].to_pylist() for name in found.schema.names), strict=True)) == [
        (1, "order_no", "4123456789012345678"),
        (1, "order_no", "240506-123456789012345"),
        (3, "product_link", "100012345678"),
        (3, "tracking_no", "SF1234567890123"),
        (5, "order_no", "4123456789012345678"),
        (5, "order_no", "240506-123456789012345"),
    ]


def test_other_kinds_can_be_listed_for_alerts() -> None:
    column = pa.array(["验证码123456", "宝宝2岁过敏了", "13812345678"])
    kinds = [Kind.SECRET, Kind.HEALTH, Kind.MINOR]
    found = entities_column(column, kinds)
    assert found["row"].to_pylist() == [0, 1, 1]
    assert set(found["kind"].to_pylist()) == {"secret", "health", "minor"}


def test_a_column_without_links_gives_an_empty_table() -> None:
    assert entities_column(pa.array(["在吗", None])).num_rows == 0
    assert entities_column(pa.array([], pa.string())).num_rows == 0
