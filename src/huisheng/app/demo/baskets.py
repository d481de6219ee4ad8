"""Who buys what, when, and for how much: the orders of one shop before anything is shipped."""

from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.frame import (
    NEVER,
    Flags,
    Frame,
    Ints,
    Times,
    Words,
    chosen,
    later,
    pick,
    spread,
)
from huisheng.app.demo.goods import Goods, Storefront, words
from huisheng.app.demo.people import Buyers
from huisheng.app.demo.rhythm import Calendar, at_days, moments

SCOPE_PRODUCTS = 15  # the best sellers take part in the promotion
NO_CAMPAIGN_PLATFORMS = frozenset({"pdd"})
NO_CART_PLATFORMS = frozenset({"pdd"})


@dataclass(frozen=True)
class Baskets:
    """Orders as columns, oldest first. Row numbers are used as keys by later stages.

    Attributes:
        buyer: row in `Buyers`. product, sku: rows in `Goods`; `extra_sku` is -1 without a second
            article.
        in_campaign: bought in the promotion, an article that takes part.
        deposit_at: when the deposit was paid; NaT when this is no presale.
    """

    order_no: Words
    sub_order_no: Words
    extra_sub_order_no: Words
    buyer: Ints
    product: Ints
    sku: Ints
    extra_sku: Ints
    qty: Ints
    created_at: Times
    paid_at: Times
    deposit_at: Times
    in_campaign: Flags
    total_fen: Ints
    coupon_fen: Ints
    subsidy_fen: Ints
    shipping_fen: Ints
    pay_fen: Ints
    deposit_fen: Ints

    def __len__(self) -> int:
        return len(self.order_no)

    @property
    def discount_fen(self) -> Ints:
        """Return all discounts of each order."""
        return self.coupon_fen + self.subsidy_fen


def baskets_of(
    frame: Frame, shop: Storefront, goods: Goods, buyers: Buyers, calendar: Calendar, size: int
) -> Baskets:
    """Return `size` orders of one shop."""
    dice = frame.dice(shop.shop_id, "baskets")
    wanted = np.sort(moments(dice, frame, calendar.weights, size))
    product = pick(dice, goods.weight, size)
    sku = _sku_of(dice, goods, product)
    promoted = _promoted(frame, shop, calendar, wanted, product)
    presale = promoted & chosen(dice, 0.32, size)
    deposit_at = np.where(presale, _deposits(dice, frame, calendar, size), NEVER)
    created = np.where(presale, deposit_at, wanted)
    paid = np.where(presale, wanted, later(wanted, spread(dice, 0.012, 1.1, size)))
    paid = np.where(chosen(dice, 0.045, size) & ~presale, NEVER, frame.seen(paid))
    qty = 1 + pick(dice, np.array([92.0, 6.5, 1.5]), size)
    cart = chosen(dice, 0.0 if shop.platform in NO_CART_PLATFORMS else 0.11, size)
    extra = np.where(cart, pick(dice, goods.sku_weight * goods.weight[goods.sku_product], size), -1)
    extra = np.where(goods.sku_product[extra] == product, -1, extra)
    total, coupon, subsidy, shipping = _money(dice, shop, goods, (sku, extra, qty, promoted))
    return Baskets(
        *_numbers(
            dice,
            frame,
            shop,
            created,
            goods.product_id[product],
            goods.product_id[goods.sku_product[extra]],
        ),
        buyer=_who_buys(dice, size),
        product=product,
        sku=sku,
        extra_sku=extra,
        qty=qty,
        created_at=created,
        paid_at=paid,
        deposit_at=deposit_at,
        in_campaign=promoted & ~np.isnat(paid),
        deposit_fen=np.where(presale, 2000, 0),
        total_fen=total,
        coupon_fen=coupon,
        subsidy_fen=subsidy,
        shipping_fen=shipping,
        pay_fen=total - coupon - subsidy + shipping,
    )


def _sku_of(dice: np.random.Generator, goods: Goods, product: Ints) -> Ints:
    """Return a SKU row of each product row, by the SKUs' weights."""
    order = np.argsort(goods.sku_product, kind="stable")
    weight = goods.sku_weight[order]
    edges = np.cumsum(weight)
    first = np.searchsorted(goods.sku_product[order], np.arange(len(goods.product_id)))
    start = np.concatenate([[0.0], edges])[first]
    width = np.bincount(goods.sku_product, weights=goods.sku_weight)
    at = start[product] + dice.random(len(product)) * width[product]
    found: Ints = order[np.searchsorted(edges, at, side="right")]
    return found


def _promoted(
    frame: Frame, shop: Storefront, calendar: Calendar, wanted: Times, product: Ints
) -> Flags:
    if shop.platform in NO_CAMPAIGN_PLATFORMS:
        return np.zeros(len(wanted), dtype=np.bool_)
    begin, end = frame.instant(calendar.promotion), frame.instant(calendar.promotion_end)
    return (wanted >= begin) & (wanted < end) & (product < SCOPE_PRODUCTS)


def _deposits(dice: np.random.Generator, frame: Frame, calendar: Calendar, size: int) -> Times:
    return at_days(dice, frame, dice.integers(calendar.presale, calendar.promotion, size))


def _who_buys(dice: np.random.Generator, size: int) -> Ints:
    """Return buyer rows: most orders are somebody's first, about one in nine comes back."""
    rows = np.arange(size)
    again = chosen(dice, 0.11, size) & (rows > 10)
    return np.where(again, (rows * dice.random(size)).astype(np.int64), rows)


def _numbers(
    dice: np.random.Generator,
    frame: Frame,
    shop: Storefront,
    created: Times,
    product_id: Words,
    extra_id: Words,
) -> tuple[Words, Words, Words]:
    """Return order numbers, and the sub-order numbers of the first and the second article."""
    serial = np.cumsum(dice.integers(10, 997, len(created))) + 1_203_117
    if shop.platform == "pdd":
        days = np.datetime_as_string(created, unit="D")
        orders = [f"{d[2:4]}{d[5:7]}{d[8:10]}-{n:015d}" for d, n in zip(days, serial, strict=True)]
        return words(orders), words(orders), words([None] * len(orders))
    head = f"{shop.order_lead}{frame.first_day:%y%m%d}"[: shop.order_digits - 9]
    width = shop.order_digits - len(head)
    orders = [f"{head}{n:0{width}d}" for n in serial]
    if shop.platform == "jd":  # 京东 numbers no sub-orders: order and article stand for one
        numbers = words(orders)
        return numbers, numbers + "-" + product_id, numbers + "-" + extra_id
    extra = [f"{head}{n + 1:0{width}d}" for n in serial]
    return words(orders), words(orders), words(extra)


def _money(
    dice: np.random.Generator,
    shop: Storefront,
    goods: Goods,
    basket: tuple[Ints, Ints, Ints, Flags],
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return total, coupon, subsidy and freight of each order."""
    sku, extra, qty, promoted = basket
    size = len(sku)
    price = goods.sku_price_fen
    total = price[sku] * qty + np.where(extra >= 0, price[extra], 0)
    percent = np.where(promoted, dice.integers(10, 19, size), dice.integers(4, 9, size))
    percent = np.where(promoted | chosen(dice, 0.38, size), percent, 0)
    coupon = total * percent // 100
    gives = 0.5 if shop.platform in {"pdd", "douyin"} else 0.12
    subsidy = np.where(chosen(dice, gives, size), total * 3 // 100, 0)
    shipping = np.where(chosen(dice, 0.03, size), 600, 0)
    return total, coupon, subsidy, shipping
