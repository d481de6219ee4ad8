"""From payment to the buyer's door: dispatch, road, stalls, and cancelled orders."""

from dataclasses import dataclass

import numpy as np

from huisheng.app.demo.baskets import Baskets
from huisheng.app.demo.frame import (
    NEVER,
    Flags,
    Floats,
    Frame,
    Ints,
    Times,
    Words,
    chosen,
    hour_of,
    later,
    pick,
    spread,
)
from huisheng.app.demo.goods import Storefront, geography, words
from huisheng.app.demo.people import Buyers
from huisheng.app.demo.planted import STALLED_PROVINCES, STALLING_CARRIER, Plot

DISPATCH_HOURS, PROMOTION_DISPATCH_HOURS, LATE_DISPATCH_HOURS = 14.0, 20.0, 104.0
PROMISE_HOURS, PROMOTION_PROMISE_HOURS = 48.0, 72.0
STALL_CHANCE, PLANTED_STALL_CHANCE = 0.012, 0.58
CANCEL_CHANCE, LATE_CANCEL_CHANCE = 0.03, 0.16
REJECT_CHANCE = 0.004


@dataclass(frozen=True)
class Parcels:
    """The outbound parcel of each order (same rows as `Baskets`); NaT = has not happened.

    Attributes:
        cancelled_at: when the buyer asked the money back before dispatch.
        gave_up: that was because dispatch was late.
        stalled_at: when the parcel stopped moving, for `stall_hours`.
    """

    carrier: Ints
    tracking_no: Words
    promised_at: Times
    expected_at: Times
    cancelled_at: Times
    gave_up: Flags
    shipped_at: Times
    picked_at: Times
    arrived_at: Times
    stalled_at: Times
    stall_hours: Floats
    delivering_at: Times
    signed_at: Times
    returned_at: Times
    confirmed_at: Times

    def stalled(self) -> Flags:
        """Return which parcels stopped on the road."""
        return ~np.isnat(self.stalled_at)

    def late(self, baskets: Baskets) -> Flags:
        """Return which orders waited for dispatch beyond the promise."""
        return ~np.isnat(baskets.paid_at) & (
            (self.shipped_at > self.promised_at) | (self.cancelled_at > self.promised_at)
        )


def parcels_of(
    frame: Frame, shop: Storefront, plot: Plot, baskets: Baskets, buyers: Buyers
) -> Parcels:
    """Return the outbound parcels of one shop."""
    dice = frame.dice(shop.shop_id, "parcels")
    size = len(baskets)
    province = buyers.province[baskets.buyer]
    carrier = _carriers(dice, province)
    ready = _dispatch(dice, plot, baskets)
    promise = np.where(baskets.in_campaign, PROMOTION_PROMISE_HOURS, PROMISE_HOURS)
    promised = later(baskets.paid_at, promise)
    cancelled, gave_up = _cancelled(dice, frame, baskets.paid_at, ready, promised)
    shipped = frame.seen(np.where(np.isnat(cancelled), ready, NEVER))
    picked = frame.seen(later(shipped, spread(dice, 3.5, 0.5, size)))
    road = geography().road_hours[province] * np.exp(0.18 * dice.standard_normal(size))
    arrived = frame.seen(later(picked, road * 0.45))
    stalls = chosen(dice, _stall_chance(plot, carrier, province, shipped), size)
    stall_hours = np.where(stalls, dice.uniform(74, 150, size), 0.0)
    delivering = frame.seen(later(picked, road + stall_hours))
    reached = later(delivering, spread(dice, 3.2, 0.6, size))
    rejected = chosen(dice, REJECT_CHANCE, size)
    signed = frame.seen(np.where(rejected, NEVER, reached))
    return Parcels(
        carrier=carrier,
        tracking_no=_tracking(dice, carrier),
        promised_at=promised,
        expected_at=later(shipped, geography().road_hours[province] + 24),
        cancelled_at=cancelled,
        gave_up=gave_up,
        shipped_at=shipped,
        picked_at=picked,
        arrived_at=arrived,
        stalled_at=np.where(stalls, arrived, NEVER),
        stall_hours=stall_hours,
        delivering_at=delivering,
        signed_at=signed,
        returned_at=frame.seen(np.where(rejected, later(reached, 60.0), NEVER)),
        confirmed_at=frame.seen(later(signed, dice.gamma(1.2, 60.0, size))),
    )


def _carriers(dice: np.random.Generator, province: Ints) -> Ints:
    """Return carriers: the south-west contract went to the one that will stall."""
    geo = geography()
    carrier = pick(dice, geo.carrier_share, len(province))
    south_west = np.isin(geo.provinces[province], STALLED_PROVINCES)
    contract = south_west & chosen(dice, 0.45, len(province))
    return np.where(contract, list(geo.carriers).index(STALLING_CARRIER), carrier)


def _dispatch(dice: np.random.Generator, plot: Plot, baskets: Baskets) -> Times:
    """Return when the warehouse would hand each parcel over; never between 0 and 8 o'clock."""
    late = baskets.in_campaign & plot.on("late_dispatch")
    median = np.where(baskets.in_campaign, PROMOTION_DISPATCH_HOURS, DISPATCH_HOURS)
    hours = spread(dice, np.where(late, LATE_DISPATCH_HOURS, median), 0.5, len(baskets))
    hours = np.where(late, np.clip(hours, 40, 200), hours)
    ready = later(baskets.paid_at, hours)
    return np.where(hour_of(ready) < 8, later(ready, 8.0), ready)


def _cancelled(
    dice: np.random.Generator, frame: Frame, paid: Times, ready: Times, promised: Times
) -> tuple[Times, Flags]:
    size = len(paid)
    early = later(paid, spread(dice, 2.0, 1.2, size))
    changed_mind = chosen(dice, CANCEL_CHANCE * 1.4, size) & (early < ready)
    impatient = later(promised, spread(dice, 9.0, 0.7, size))
    gave_up = chosen(dice, LATE_CANCEL_CHANCE, size) & (impatient < ready) & ~changed_mind
    at = np.where(changed_mind, early, np.where(gave_up, impatient, NEVER))
    seen = frame.seen(at)
    return seen, gave_up & ~np.isnat(seen)


def _stall_chance(plot: Plot, carrier: Ints, province: Ints, shipped: Times) -> Floats:
    chance = np.full(len(carrier), STALL_CHANCE)
    if plot.on("stalled_carrier"):
        geo = geography()
        stuck = (
            (geo.carriers[carrier] == STALLING_CARRIER)
            & np.isin(geo.provinces[province], STALLED_PROVINCES)
            & (shipped >= plot.since["stalled_carrier"])
        )
        chance[stuck] = PLANTED_STALL_CHANCE
    return chance


def _tracking(dice: np.random.Generator, carrier: Ints) -> Words:
    heads = ("ST", "FY", "YL", "ZS", "BJ")
    serial = np.cumsum(dice.integers(3, 90, len(carrier))) + 7_310_000_000
    return words([f"{heads[c]}{n:012d}" for c, n in zip(carrier, serial, strict=True)])
