"""A person's weight in kilograms: 98斤, 50kg, 五十公斤, 身高165体重110.

How a number without a unit is read stands in `body`. Goods by weight (5斤苹果) are none.
"""

from collections.abc import Iterator

from huisheng.language.entities.body import WEIGHT_TRIGGER, weights_in
from huisheng.language.entities.definition import Definition, Example, Found, Said


def _find(said: Said) -> Iterator[Found]:
    for weight in weights_in(said.plain):
        yield Found(weight.start, weight.stop, low=weight.low, high=weight.high)


DEFINITION = Definition(
    label="体重",
    unit="kg",
    trigger=WEIGHT_TRIGGER,
    find=_find,
    examples=(
        Example("98斤穿什么码", "98斤", low=49),
        Example("９８斤穿什么码", "９８斤", low=49),
        Example("我50kg", "50kg", low=50),
        Example("我 50 KG 穿啥", "50 KG", low=50),
        Example("体重五十公斤", "五十公斤", low=50),
        Example("一百二十斤能穿吗", "一百二十斤", low=60),
        Example("一百二十五斤能穿吗", "一百二十五斤", low=62.5),
        Example("一百三斤左右", "一百三斤", low=65),
        Example("身高165体重110", "110", low=55),
        Example("身高175体重75", "75", low=75),
        Example("163/105斤要S还是M", "105斤", low=52.5),
        Example("178 75kg 穿多大", "75kg", low=75),
        Example("170/130穿什么码", "130", low=65),
        Example("体重110", "110", low=55),
        Example("100-110斤穿M吗", "100-110斤", low=50, high=55),
        Example("我52.5公斤", "52.5公斤", low=52.5),
    ),
    unlike=(
        "身高180体重100",
        "体重45的孩子",
        "买110的",
        "5斤苹果",
        "10斤装的大米",
        "承重100斤吗",
        "买了50斤大米",
        "50斤的哑铃",
        "一斤多少钱",
        "110",
        "重量100g",
        "瘦了30斤",
        "165元",
        "公斤怎么算",
    ),
)
