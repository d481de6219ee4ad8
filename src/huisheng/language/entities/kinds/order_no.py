"""Order, refund and return numbers, as long as they are not masked."""

from huisheng.language.entities.definition import Definition, Example
from huisheng.language.entities.keyed import NUMBER, finder_of
from huisheng.privacy import Kind

DEFINITION = Definition(
    label="订单号",
    trigger=NUMBER,
    find=finder_of(Kind.ORDER_NO),
    examples=(
        Example("订单3412345678901234567怎么还没发", "3412345678901234567", "3412345678901234567"),
        Example(
            "订单号：２３４５６７８９０１２３４５６７８",
            "２３４５６７８９０１２３４５６７８",
            "23456789012345678",
        ),
        Example("我的订单 289123456789 到哪了", "289123456789", "289123456789"),
        Example("241122-123456789012345", "241122-123456789012345", "241122-123456789012345"),
        Example("退款编号 112233445566778899 查一下", "112233445566778899", "112233445566778899"),
    ),
    unlike=(
        "订单***4567怎么还没发",
        "手机13800138000",
        "快递单号 75312345678901",
        "货号 123456",
        "满300减50",
        "订单号多少",
        "2026-11-12 12:00:00",
        "商品编号 1234567890123456",
        "付款流水4200001234202611221234567890",
        "买了3单",
    ),
)
