"""Tracking numbers of parcels, as long as they are not masked."""

from huisheng.language.entities.definition import Definition, Example
from huisheng.language.entities.keyed import NUMBER, finder_of
from huisheng.privacy import Kind

DEFINITION = Definition(
    label="运单号",
    trigger=NUMBER,
    find=finder_of(Kind.TRACKING_NO),
    examples=(
        Example("单号SF1234567890123到哪了", "SF1234567890123", "SF1234567890123"),
        Example("yt1234567890123 怎么不动", "yt1234567890123", "YT1234567890123"),
        Example("快递单号 75312345678901", "75312345678901", "75312345678901"),
        Example(
            "圆通运单８８１２３４５６７８９０１", "８８１２３４５６７８９０１", "8812345678901"
        ),
        Example("JD0123456789012", "JD0123456789012", "JD0123456789012"),
    ),
    unlike=(
        "快递单号***8901",
        "SF1234",
        "快递几点到",
        "订单3412345678901234567",
        "手机13800138000",
        "型号WH-1000XM5",
        "JD12345",
        "快递费12元",
        "YTO什么时候到",
        "中通3天没动",
    ),
)
