"""What sentences may speak of: the product, order, buyer and parcel behind each line."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.baskets import Baskets
from huisheng.app.demo.frame import Ints, Times, Words, either
from huisheng.app.demo.goods import Goods, Storefront, geography, words
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.people import Buyers
from huisheng.app.demo.staff import Staff
from huisheng.app.demo.talks import Talks
from huisheng.app.demo.wording import Filler

ROADS = tuple(["幸福路", "建设街", "春风大道", "滨河路", "花园街", "光明路", "青年路", "学府街"])


@dataclass(frozen=True)
class Subject:
    """Whom and what some lines are about: rows of orders (-1: none yet), products and so on."""

    order: Ints
    product: Ints
    buyer: Ints
    agent: Ints
    at: Times


@dataclass(frozen=True)
class Setting:
    """Everything of one shop that sentences may speak of."""

    shop: Storefront
    goods: Goods
    buyers: Buyers
    baskets: Baskets
    parcels: Parcels
    staff: Staff
    talks: Talks

    def spoken(self, talk: Ints) -> Subject:
        """Return the subjects of conversation rows."""
        talks = self.talks
        return Subject(
            talks.order[talk],
            talks.product[talk],
            talks.buyer[talk],
            talks.agent[talk],
            talks.started_at[talk],
        )

    def about(self, order: Ints) -> Subject:
        """Return the subjects of order rows."""
        baskets = self.baskets
        return Subject(
            order,
            baskets.product[order],
            baskets.buyer[order],
            np.zeros_like(order),
            baskets.created_at[order],
        )


def fillers_of(
    dice: np.random.Generator, setting: Setting, subject: Subject
) -> Mapping[str, Filler]:
    """Return what fills each slot in lines about `subject`."""
    goods, buyers = setting.goods, setting.buyers
    order, product, buyer = subject.order, subject.product, subject.buyer
    sku = np.where(order >= 0, setting.baskets.sku[order], goods_sku(goods, product, buyer))
    geo = geography()

    def number(low: int, high: int, pattern: str = "{}") -> Filler:
        made = words([pattern.format(n) for n in range(low, high)])
        return lambda rows: made[dice.integers(0, len(made), len(rows))]

    other = goods.sibling[product]
    return {
        "product": lambda rows: goods.short[product[rows]],
        "other": lambda rows: goods.short[other[rows]],
        "size": lambda rows: words([size or "标准" for size in goods.sku_size[sku[rows]]]),
        "color": lambda rows: goods.sku_color[sku[rows]],
        "price": lambda rows: words([str(f // 100) for f in goods.price_fen[product[rows]]]),
        "city": lambda rows: buyers.city[buyer[rows]],
        "height": number(153, 186),
        "weight": number(88, 176),
        "days": number(3, 9),
        "part": lambda rows: _listed(dice, goods.parts, product[rows]),
        "fault": lambda rows: _listed(dice, goods.faults, product[rows]),
        "order_no": lambda rows: _order_numbers(setting.baskets, order[rows]),
        "carrier": lambda rows: geo.carriers[setting.parcels.carrier[order[rows]]],
        "tracking": lambda rows: setting.parcels.tracking_no[order[rows]],
        "agent": lambda rows: setting.staff.name[subject.agent[rows]],
        "date": lambda rows: _days(subject.at[rows], dice.integers(1, 4, len(rows))),
        "phone": number(0, 1000, "1380013{:04d}"),
        "address": lambda rows: _addresses(dice, buyers, buyer[rows]),
        "person": lambda rows: buyers.surname[buyer[rows]] + number(0, 1, "女士")(rows),
    }


def goods_sku(goods: Goods, product: Ints, spice: Ints) -> Ints:
    """Return some SKU of each product; the same `spice` gives the same one."""
    first = np.searchsorted(goods.sku_product, np.arange(len(goods.product_id)))
    count = np.bincount(goods.sku_product)
    found: Ints = first[product] + spice % count[product]
    return found


def _listed(dice: np.random.Generator, lists: tuple[tuple[str, ...], ...], at: Ints) -> Words:
    table = words([word for row in lists for word in row]).reshape(len(lists), -1)
    found: Words = table[at, dice.integers(0, table.shape[1], len(at))]
    return found


def _order_numbers(baskets: Baskets, order: Ints) -> Words:
    """Return order numbers; who has no order says so loosely."""
    return either(order >= 0, baskets.order_no[order], "上次那个")


def _days(at: Times, ahead: Ints) -> Words:
    day = at.astype("M8[D]") + ahead.astype("m8[D]")
    spelled = np.datetime_as_string(day, unit="D")
    return words([f"{int(text[5:7])}月{int(text[8:])}日" for text in spelled])


def _addresses(dice: np.random.Generator, buyers: Buyers, buyer: Ints) -> Words:
    roads = words(ROADS)[dice.integers(0, len(ROADS), len(buyer))]
    provinces, cities = geography().provinces[buyers.province[buyer]], buyers.city[buyer]
    regions = either(provinces == cities, "", provinces) + cities
    numbers = dice.integers(1, 300, (4, len(buyer)))
    return words(
        [
            f"{region}市{road}{a}号{b % 30 + 1}栋{c % 20 + 1}0{d % 4 + 1}室"
            for region, road, a, b, c, d in zip(regions, roads, *numbers, strict=True)
        ]
    )
