"""After paying: the occasions on which buyers write to the shop, and how often they do."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.baskets import Baskets
from huisheng.app.demo.frame import Flags, Floats, Times, chosen, later
from huisheng.app.demo.goods import Goods, Storefront
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.planted import Plot
from huisheng.app.demo.refunds import (
    CANCEL,
    CARRIER,
    EXCHANGE,
    LATE,
    QUALITY,
    REFUND_ONLY,
    RETURN_REFUND,
    SIZE,
    Refunds,
    faulty_orders,
    missized_orders,
)

DESCRIBED, WRONG_GOODS, DAMAGED = 6, 7, 8


@dataclass(frozen=True)
class Occasion:
    """One reason to write.

    Attributes:
        chosen: which orders (or refunds, when `of_refunds`) write. at: when.
        aspect, moaning: what they complain about, and which share does.
        special: the stuck point behind it, "" for none.
    """

    scene: str
    chosen: Flags
    at: Times
    aspect: str = ""
    moaning: float = 0.0
    special: str = ""
    of_refunds: bool = False


@dataclass(frozen=True)
class _Case:
    """What every group of occasions needs."""

    dice: np.random.Generator
    shop: Storefront
    baskets: Baskets
    parcels: Parcels
    refunds: Refunds

    def some(self, pool: Flags, chance: Floats | float) -> Flags:
        """Return a random part of `pool`."""
        return pool & chosen(self.dice, chance, len(pool))

    def after(self, times: Times, low: float, high: float) -> Times:
        """Return instants `low` to `high` hours after `times`."""
        return later(times, self.dice.uniform(low, high, len(times)))


def occasions_of(
    dice: np.random.Generator,
    shop: Storefront,
    plot: Plot,
    goods: Goods,
    baskets: Baskets,
    parcels: Parcels,
    refunds: Refunds,
) -> Iterator[Occasion]:
    """Yield every occasion of one shop."""
    case = _Case(dice, shop, baskets, parcels, refunds)
    yield from _before_dispatch(case, plot)
    yield from _on_the_road(case, plot)
    yield from _in_use(case)
    yield from _trouble(case, plot, goods)
    yield from _returns(case, plot)


def _before_dispatch(case: _Case, plot: Plot) -> Iterator[Occasion]:
    orders, parcels = case.baskets, case.parcels
    paid = ~np.isnat(orders.paid_at)
    yield Occasion("MID01", case.some(~paid, 0.3), case.after(orders.created_at, 0.1, 2))
    yield Occasion("MID02", case.some(paid, 0.012), case.after(orders.paid_at, 0.1, 5))
    yield Occasion("MID03", case.some(paid, 0.010), case.after(orders.paid_at, 0.1, 4))
    yield Occasion("MID05", case.some(paid, 0.05), case.after(orders.paid_at, 1, 18))
    yield Occasion("PRE27", case.some(paid, 0.018), case.after(orders.paid_at, 0.5, 90))
    yield Occasion("PRE29", case.some(paid, 0.002), case.after(orders.paid_at, 0.5, 90))
    presale = ~np.isnat(orders.deposit_at) & paid
    yield Occasion("MID14", case.some(presale, 0.12), case.after(orders.paid_at, 6, 40), "M05", 0.2)
    left = np.where(np.isnat(parcels.shipped_at), parcels.cancelled_at, parcels.shipped_at)
    waited = (left - orders.paid_at).astype(np.int64) / 3600
    slow = paid & ~np.isnat(left) & (waited > 36)
    at = later(orders.paid_at, np.where(slow, waited, 0) * case.dice.uniform(0.6, 0.98, len(slow)))
    late = parcels.late(orders)
    piled_up = late & orders.in_campaign & plot.on("late_dispatch")
    yield Occasion("MID06", case.some(slow & ~late, 0.16), at, "L01", 0.15)
    yield Occasion("MID06", case.some(late & ~piled_up, 0.4), at, "L01", 0.5)
    yield Occasion("MID06", case.some(piled_up, 0.5), at, "L01", 0.75, "late_dispatch")
    yield Occasion("POST14", case.some(late, 0.05), case.after(left, 1, 60), "A04", 0.5)


def _on_the_road(case: _Case, plot: Plot) -> Iterator[Occasion]:
    parcels = case.parcels
    stalled, moving = parcels.stalled(), ~np.isnat(parcels.picked_at)
    special = "stalled_carrier" if plot.on("stalled_carrier") else ""
    yield Occasion("MID07", case.some(moving, 0.05), case.after(parcels.picked_at, 12, 40))
    yield Occasion(
        "MID07",
        case.some(stalled, 0.3),
        case.after(parcels.stalled_at, 20, 50),
        "L02",
        0.4,
        special,
    )
    yield Occasion(
        "MID08",
        case.some(stalled, 0.55),
        case.after(parcels.stalled_at, 40, 90),
        "L02",
        0.7,
        special,
    )
    yield Occasion("MID09", case.some(moving, 0.014), case.after(parcels.delivering_at, -6, 2))
    signed = ~np.isnat(parcels.signed_at)
    yield Occasion(
        "MID10", case.some(signed, 0.008), case.after(parcels.delivering_at, 0.2, 6), "L03", 0.4
    )
    back = ~np.isnat(parcels.returned_at)
    yield Occasion("MID12", case.some(back, 0.6), case.after(parcels.returned_at, -50, 10))


def _in_use(case: _Case) -> Iterator[Occasion]:
    at = case.parcels.signed_at
    signed = ~np.isnat(at)
    machine = case.shop.kind == "appliance"
    yield Occasion("POST01", case.some(signed, 0.032 if machine else 0.001), case.after(at, 1, 120))
    yield Occasion("POST02", case.some(signed, 0.010), case.after(at, 20, 500))
    yield Occasion("POST08", case.some(signed, 0.004 if machine else 0.0), case.after(at, 90, 700))
    yield Occasion("POST09", case.some(signed, 0.005), case.after(at, 1, 200), "P08", 0.3)
    yield Occasion("POST20", case.some(signed, 0.007), case.after(at, 60, 600))
    yield Occasion("POST13", case.some(signed, 0.005), case.after(at, 1, 200), "M03", 0.4)
    promoted = case.baskets.in_campaign & signed
    yield Occasion("POST13", case.some(promoted, 0.03), case.after(at, 1, 90), "M03", 0.4)
    yield Occasion("POST16", case.some(signed, 0.0012), case.after(at, 5, 200), "C03", 0.8)
    yield Occasion("POST17", case.some(signed, 0.0010), case.after(at, 5, 200), "P03", 0.6)
    hazard = case.some(signed, 0.0004 if machine else 0.0)
    yield Occasion("POST19", hazard, case.after(at, 5, 300), "P07", 0.9)
    yield Occasion("ANY03", case.some(signed, 0.002), case.after(at, 5, 900))


def _trouble(case: _Case, plot: Plot, goods: Goods) -> Iterator[Occasion]:
    refunds, cause = case.refunds, case.refunds.cause
    before = case.after(refunds.applied_at, -5, -0.1)
    faulty = faulty_orders(plot, goods, case.baskets)
    bad = cause == QUALITY
    ours = bad & faulty[refunds.order]
    broken = "POST03" if case.shop.kind == "appliance" else "POST04"
    for pool, share, special in ((bad & ~ours, 0.7, ""), (ours, 0.9, "faulty_sku")):
        told = case.some(pool, share)
        fails = case.some(told, 0.5)
        yield Occasion(broken, fails, before, "P03", 0.6, special, of_refunds=True)
        yield Occasion("POST04", told & ~fails, before, "P03", 0.75, special, of_refunds=True)
    signed = case.parcels.signed_at
    grumbles = case.some(~np.isnat(signed), np.where(faulty, 0.08, 0.004))
    yield Occasion("POST04", grumbles & ~faulty, case.after(signed, 5, 200), "P03", 0.6)
    yield Occasion(
        "POST03", grumbles & faulty, case.after(signed, 60, 260), "P03", 0.6, "faulty_sku"
    )
    for found, scene, aspect in (
        (DESCRIBED, "POST05", "P06"),
        (WRONG_GOODS, "MID13", "L05"),
        (DAMAGED, "MID11", "L04"),
    ):
        told = case.some(cause == found, 0.7)
        yield Occasion(scene, told, before, aspect, 0.7, of_refunds=True)


def _returns(case: _Case, plot: Plot) -> Iterator[Occasion]:
    refunds = case.refunds
    cause, kind = refunds.cause, refunds.type
    before = case.after(refunds.applied_at, -3, -0.1)
    wrong_size = missized_orders(plot, case.baskets)[refunds.order] & (cause == SIZE)
    plain = ~wrong_size & (cause != QUALITY) & ~refunds.before_dispatch
    cancels = case.some(cause == CANCEL, 0.45)
    yield Occasion("MID04", cancels, case.after(refunds.applied_at, -0.5, 0.3), of_refunds=True)
    gone = case.some(cause == LATE, 0.4)
    yield Occasion("MID04", gone, before, "L01", 0.8, of_refunds=True)
    back = plain & (kind == RETURN_REFUND)
    yield Occasion("POST06", case.some(back, 0.4), before, "A01", 0.1, of_refunds=True)
    swap = plain & (kind == EXCHANGE)
    yield Occasion("POST07", case.some(swap, 0.7), before, "P05", 0.2, of_refunds=True)
    for pool, scene in ((kind == RETURN_REFUND, "POST06"), (kind == EXCHANGE, "POST07")):
        told = case.some(wrong_size & pool, 0.8)
        yield Occasion(scene, told, before, "P05", 0.8, "wrong_size_chart", of_refunds=True)
    part = case.some((kind == REFUND_ONLY) & (cause > CARRIER), 0.5)
    yield Occasion("POST10", part, before, "A04", 0.3, of_refunds=True)
    returned, slow = refunds.return_signed_at, plot.on("slow_exchange")
    money = case.some(kind == RETURN_REFUND, 0.18)
    yield Occasion("POST11", money, case.after(returned, 4, 30), "A02", 0.35, of_refunds=True)
    freight = case.some(kind == RETURN_REFUND, 0.12)
    yield Occasion("POST12", freight, case.after(refunds.agreed_at, 1, 30), of_refunds=True)
    waits = case.some(kind == EXCHANGE, 0.45 if slow else 0.12)
    special = "slow_exchange" if slow else ""
    at = case.after(returned, 40, 80)
    yield Occasion("POST15", waits, at, "A02", 0.7 if slow else 0.3, special, of_refunds=True)
