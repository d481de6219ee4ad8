"""Which buyers write to the shop, when, and about what: one row a conversation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.app.demo.baskets import SCOPE_PRODUCTS, Baskets
from huisheng.app.demo.frame import Flags, Frame, Ints, Times, chosen, hour_of, later, pick
from huisheng.app.demo.goods import Goods, Storefront
from huisheng.app.demo.occasions import Occasion, occasions_of
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.planted import MISSIZED_PRODUCT, SLOW_HOURS, Plot
from huisheng.app.demo.refunds import Refunds
from huisheng.app.demo.rhythm import Calendar, moments
from huisheng.app.demo.wording import ASPECTS, SCENES, SPECIALS, presale_weights

ASK_BEFORE_BUYING = 0.29
ASKERS_WHO_LEAVE = 1.55  # for each buyer who asked first
CLOSING_TIME = np.timedelta64(30, "m")  # nobody writes in the last half hour
ROBOT, HUMAN, MIXED = 0, 1, 2
PRE, MID, POST = 0, 1, 2


@dataclass(frozen=True)
class Talks:
    """Conversations of one shop as columns, by start.

    Attributes:
        order, refund, product: rows, -1 for none. scene, second: rows of `SCENES`.
        moan: row of `ASPECTS` the buyer complains about, -1 for none.
        special: row of `SPECIALS`, the stuck point behind it, -1 for none.
        agent: row in the shop's agents (0 is the robot). slow: the evening shift cannot keep up.
    """

    order: Ints
    refund: Ints
    buyer: Ints
    product: Ints
    started_at: Times
    scene: Ints
    second: Ints
    phase: Ints
    moan: Ints
    special: Ints
    ordered: Flags
    reception: Ints
    agent: Ints
    slow: Flags

    def __len__(self) -> int:
        return len(self.order)


_TOPIC = np.dtype(  # a conversation before it is decided who receives it
    [(name, np.int64) for name in ("order", "refund", "buyer", "product")]
    + [(name, np.int64) for name in ("scene", "phase", "moan", "special")]
    + [("ordered", np.bool_), ("at", "M8[s]")]
)
_Topics = NDArray[np.void]


def talks_of(
    frame: Frame,
    shop: Storefront,
    plot: Plot,
    goods: Goods,
    calendar: Calendar,
    baskets: Baskets,
    parcels: Parcels,
    refunds: Refunds,
) -> Talks:
    """Return the conversations of one shop."""
    dice = frame.dice(shop.shop_id, "talks")
    before = _before_buying(dice, frame, shop, goods, calendar, baskets)
    topics = [_on_coupon(dice, plot, calendar, frame, _on_sizes(dice, plot, before))]
    for occasion in occasions_of(dice, shop, plot, goods, baskets, parcels, refunds):
        topics.append(_after_buying(dice, baskets, refunds, occasion))
    topic = np.concatenate(topics)
    topic = topic[(topic["at"] >= frame.start) & (topic["at"] < frame.end - CLOSING_TIME)]
    topic = topic[np.argsort(topic["at"], kind="stable")]
    reception = _reception(dice, topic)
    agent, slow = _agents(dice, shop, plot, topic, reception)
    return Talks(
        order=topic["order"],
        refund=topic["refund"],
        buyer=topic["buyer"],
        product=topic["product"],
        started_at=topic["at"],
        scene=topic["scene"],
        second=_second_scene(dice, shop, topic),
        phase=topic["phase"],
        moan=np.where(slow & chosen(dice, 0.4, len(topic)), ASPECTS.index("C01"), topic["moan"]),
        special=np.where(slow, SPECIALS.index("slow_evening"), topic["special"]),
        ordered=topic["ordered"],
        reception=reception,
        agent=agent,
        slow=slow,
    )


def _before_buying(
    dice: np.random.Generator,
    frame: Frame,
    shop: Storefront,
    goods: Goods,
    calendar: Calendar,
    baskets: Baskets,
) -> _Topics:
    """Return the askers who buy afterwards, then the askers who do not."""
    first = ~np.isnat(baskets.paid_at) & (baskets.buyer == np.arange(len(baskets)))
    buys = np.flatnonzero(first & chosen(dice, ASK_BEFORE_BUYING, len(baskets)))
    leaves = round(len(buys) * ASKERS_WHO_LEAVE)
    hours = np.minimum(np.exp(1.3 * dice.standard_normal(len(buys))) * 0.7, 40.0)
    at = [later(baskets.created_at[buys], -0.1 - hours)]
    at.append(moments(dice, frame, calendar.weights, leaves))
    size = len(buys) + leaves
    return _topics(
        size,
        order=np.concatenate([buys, np.full(leaves, -1)]),
        refund=-1,
        buyer=np.concatenate([baskets.buyer[buys], len(baskets) + np.arange(leaves)]),
        product=np.concatenate([baskets.product[buys], pick(dice, goods.weight, leaves)]),
        at=np.concatenate(at),
        scene=pick(dice, presale_weights(shop.kind), size),
        phase=PRE,
        moan=-1,
        special=-1,
        ordered=np.arange(size) < len(buys),
    )


def _on_sizes(dice: np.random.Generator, plot: Plot, topic: _Topics) -> _Topics:
    """Return `topic` with more doubts about the sizes of the article with the wrong chart."""
    if not plot.on("wrong_size_chart"):
        return topic
    doubts = (topic["product"] == MISSIZED_PRODUCT) & (
        topic["at"] >= plot.since["wrong_size_chart"]
    )
    return _about(topic, doubts & chosen(dice, 0.3, len(doubts)), "size_doubts", ("PRE09",))


def _on_coupon(
    dice: np.random.Generator, plot: Plot, calendar: Calendar, frame: Frame, topic: _Topics
) -> _Topics:
    """Return `topic` with the complaints about the coupon that does not apply."""
    if not plot.on("dead_coupon"):
        return topic
    begin, end = frame.instant(calendar.promotion), frame.instant(calendar.promotion_end)
    shown = (topic["at"] >= begin) & (topic["at"] < end) & (topic["product"] < SCOPE_PRODUCTS)
    hit = shown & chosen(dice, np.where(topic["ordered"], 0.25, 0.6), len(shown))
    return _about(topic, hit, "dead_coupon", ("PRE18", "PRE28"))


def _about(topic: _Topics, hit: Flags, special: str, scenes: tuple[str, ...]) -> _Topics:
    rows = np.array([SCENES.index(scene) for scene in scenes])
    aspect = ASPECTS.index({"dead_coupon": "M02", "size_doubts": "P05"}[special])
    turn = np.arange(len(hit))
    topic["scene"][hit] = rows[turn % len(rows)][hit]
    topic["special"][hit] = SPECIALS.index(special)
    topic["moan"][hit & (turn % 3 > 0)] = aspect
    return topic


def _after_buying(
    dice: np.random.Generator, baskets: Baskets, refunds: Refunds, occasion: Occasion
) -> _Topics:
    """Return the conversations of one occasion."""
    rows = np.flatnonzero(occasion.chosen & ~np.isnat(occasion.at))
    order = refunds.order[rows] if occasion.of_refunds else rows
    at = occasion.at[rows]
    at = np.where(hour_of(at) < 7, later(at, 8.0), at)  # buyers sleep
    complains = chosen(dice, occasion.moaning, len(rows))
    aspect = ASPECTS.index(occasion.aspect) if occasion.aspect else -1
    special = SPECIALS.index(occasion.special) if occasion.special else -1
    return _topics(
        len(rows),
        order=order,
        refund=rows if occasion.of_refunds else -1,
        buyer=baskets.buyer[order],
        product=baskets.product[order],
        at=at,
        scene=SCENES.index(occasion.scene),
        phase=POST if occasion.scene.startswith("POST") else MID,
        moan=np.where(complains, aspect, -1),
        special=special,
    )


def _topics(size: int, **columns: NDArray[np.generic] | int) -> _Topics:
    """Return `size` topics; a number fills its whole column."""
    out = np.zeros(size, dtype=_TOPIC)
    for name, values in columns.items():
        out[name] = values
    return out


def _reception(dice: np.random.Generator, topic: _Topics) -> Ints:
    """Return who receives: the robot alone at night, people for complaints and after-sales."""
    robot = np.array([0.36, 0.42, 0.10])[topic["phase"]]
    mixed = robot + np.array([0.18, 0.24, 0.36])[topic["phase"]]
    robot = np.where(topic["moan"] >= 0, 0.03, robot)
    draw = dice.random(len(topic["at"]))
    open_now = _open(topic["at"])
    by_day = np.where(draw < robot, ROBOT, np.where(draw < mixed, MIXED, HUMAN))
    return np.where(open_now, by_day, ROBOT)


def _open(at: Times) -> Flags:
    hour = hour_of(at)
    return (hour >= 8) & (hour < 23)


def _agents(
    dice: np.random.Generator, shop: Storefront, plot: Plot, topic: _Topics, reception: Ints
) -> tuple[Ints, Flags]:
    """Return the agent of each conversation, and whether the evening shift is overrun."""
    size, before = len(topic["at"]), len(shop.presale_agents)
    after = len(shop.aftersale_agents)
    presale = 1 + pick(dice, np.linspace(1.4, 0.7, before), size)
    aftersale = 1 + before + pick(dice, np.linspace(1.3, 0.8, after), size)
    agent = np.where(topic["phase"] == PRE, presale, aftersale)
    slow = np.zeros(size, dtype=np.bool_)
    if plot.on("slow_evening"):
        hour = hour_of(topic["at"])
        evening = (hour >= SLOW_HOURS[0]) & (hour < SLOW_HOURS[1])
        slow = evening & (topic["phase"] != PRE) & (topic["at"] >= plot.since["slow_evening"])
        slow &= reception != ROBOT
        on_duty = 1 + before + topic["at"].astype("M8[D]").astype(np.int64) % after
        agent = np.where(slow, on_duty, agent)
    return np.where(reception == ROBOT, 0, agent), slow


def _second_scene(dice: np.random.Generator, shop: Storefront, topic: _Topics) -> Ints:
    """Return what else each buyer asks about."""
    size = len(topic["at"])
    before: Ints = pick(dice, presale_weights(shop.kind), size)
    follow = np.array([SCENES.index(s) for s in ("MID05", "MID07", "PRE23", "PRE27", "PRE25")])
    after = np.array([SCENES.index(s) for s in ("POST11", "POST12", "POST06", "POST15", "PRE25")])
    at = dice.integers(0, len(follow), size)
    return np.where(
        topic["phase"] == PRE, before, np.where(topic["phase"] == MID, follow[at], after[at])
    )
