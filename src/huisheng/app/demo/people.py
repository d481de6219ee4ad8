"""The buyers of one shop: who they are on the platform and where they live."""

from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.frame import Frame, Ints, Words, pick
from huisheng.app.demo.goods import Storefront, geography, words

FIRST = (
    *("爱吃橙子的", "想去海边的", "每天早起的", "慢吞吞的"),
    *("元气满满的", "怕热的", "爱笑的", "不吃香菜的"),
)
SECOND = (
    *("小鹿", "豆包", "阿橘", "向日葵", "大白兔", "海盐"),
    *("木棉", "芒果", "团子", "栗子", "星星", "云朵"),
)
SURNAMES = tuple("张王李刘陈杨黄赵吴周徐孙马朱胡林郭何高罗")


@dataclass(frozen=True)
class Buyers:
    """Everyone who buys or asks in one shop, one row a person.

    Attributes:
        ident: the platform's id or nick, unique in the shop.
        province: row in `geography().provinces`.
    """

    ident: Words
    masked: Words
    surname: Words
    phone_tail: Words
    province: Ints
    city: Words


def buyers_of(frame: Frame, shop: Storefront, size: int) -> Buyers:
    """Return `size` people."""
    dice = frame.dice(shop.shop_id, "buyers")
    serial = dice.permutation(size) + 10 * size
    ident = _idents(dice, shop, serial)
    province = pick(dice, geography().share, size)
    return Buyers(
        ident=ident,
        masked=words([f"{name[0]}***{name[-1]}" for name in ident]),
        surname=words(list(SURNAMES))[dice.integers(0, len(SURNAMES), size)],
        phone_tail=words([f"{tail:04d}" for tail in dice.integers(0, 10000, size)]),
        province=province,
        city=_cities(dice, province),
    )


def _idents(dice: np.random.Generator, shop: Storefront, serial: Ints) -> Words:
    if shop.platform != "tmall":
        return words([f"{shop.buyer_prefix}{number * 7919 + 100003}" for number in serial])
    first = words(FIRST)[dice.integers(0, len(FIRST), len(serial))]
    second = words(SECOND)[dice.integers(0, len(SECOND), len(serial))]
    plain = dice.random(len(serial)) < 0.4
    return words(
        [
            f"tb{number * 31:08d}" if is_plain else f"{a}{b}{number}"
            for a, b, number, is_plain in zip(first, second, serial, plain, strict=True)
        ]
    )


def _cities(dice: np.random.Generator, province: Ints) -> Words:
    widest = max(len(names) for names in geography().cities)
    table = words([""] * (len(geography().cities) * widest)).reshape(-1, widest)
    for row, names in enumerate(geography().cities):
        table[row] = [names[column % len(names)] for column in range(widest)]
    found: Words = table[province, dice.integers(0, widest, len(province))]
    return found
