"""Money back and goods back: why, how, and how far each refund has come."""

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
    later,
    spread,
)
from huisheng.app.demo.goods import Goods, Storefront, words
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.planted import FAULTY_COLOR, FAULTY_PRODUCT, MISSIZED_PRODUCT, Plot

TYPES = words(["refund_only", "return_refund", "exchange", "resend", "repair"])
REFUND_ONLY, RETURN_REFUND, EXCHANGE = 0, 1, 2
FAULTY_CHANCE, MISSIZED_CHANCE, STALLED_CHANCE = 0.17, 0.16, 0.16
CANCEL, LATE, CARRIER, QUALITY, SIZE = 0, 1, 2, 3, 4


@dataclass(frozen=True)
class Cause:
    """Why buyers of one kind of goods want their money back.

    Attributes:
        chance: share of signed orders; the first three causes follow from the parcel instead.
        types: weights of `TYPES`.
        days: median days from receipt to application.
    """

    labels: tuple[str, ...]
    chance: float
    types: tuple[float, ...]
    days: float


CAUSES = {
    "appliance": (
        Cause(("不喜欢/不想要", "多拍/拍错"), 0.0, (1, 0, 0, 0, 0), 0),
        Cause(("未按约定时间发货",), 0.0, (1, 0, 0, 0, 0), 0),
        Cause(("快递问题",), 0.0, (1, 0, 0, 0, 0), 0),
        Cause(("质量问题", "功能故障/无法使用"), 0.018, (12, 48, 30, 4, 6), 4.0),
        Cause(("规格不合适",), 0.003, (0, 80, 20, 0, 0), 1.5),
        Cause(("七天无理由退货", "不喜欢/不想要"), 0.028, (2, 98, 0, 0, 0), 2.0),
        Cause(("与商品描述不符",), 0.003, (10, 85, 5, 0, 0), 1.5),
        Cause(("卖家发错货",), 0.0015, (5, 45, 50, 0, 0), 0.5),
        Cause(("少件/破损",), 0.004, (30, 25, 15, 30, 0), 0.4),
        Cause(("协商一致退款",), 0.003, (100, 0, 0, 0, 0), 3.0),
    ),
    "apparel": (
        Cause(("不喜欢/不想要", "多拍/拍错"), 0.0, (1, 0, 0, 0, 0), 0),
        Cause(("未按约定时间发货",), 0.0, (1, 0, 0, 0, 0), 0),
        Cause(("快递问题",), 0.0, (1, 0, 0, 0, 0), 0),
        Cause(("质量问题", "做工瑕疵", "开线/走丝", "缩水/褪色"), 0.013, (14, 66, 20, 0, 0), 2.0),
        Cause(("尺码不合适",), 0.03, (0, 56, 44, 0, 0), 1.2),
        Cause(("七天无理由退货", "不喜欢/不想要"), 0.03, (2, 98, 0, 0, 0), 1.5),
        Cause(("与商品描述不符", "材质/面料不符"), 0.005, (5, 90, 5, 0, 0), 1.2),
        Cause(("卖家发错货",), 0.002, (5, 45, 50, 0, 0), 0.5),
        Cause(("少件/破损",), 0.002, (30, 40, 10, 20, 0), 0.4),
        Cause(("协商一致退款",), 0.003, (100, 0, 0, 0, 0), 3.0),
    ),
}
QUALITY_LABELS = frozenset(
    {"质量问题", "功能故障/无法使用", "做工瑕疵", "开线/走丝", "缩水/褪色"}
    | {"与商品描述不符", "材质/面料不符", "卖家发错货"}
)


@dataclass(frozen=True)
class Refunds:
    """Refunds of one shop as columns; `order` is a row in `Baskets`, NaT = has not happened."""

    refund_no: Words
    order: Ints
    cause: Ints
    label: Words
    type: Ints
    before_dispatch: Flags
    amount_fen: Ints
    applied_at: Times
    agreed_at: Times
    rejected_at: Times
    return_shipped_at: Times
    return_signed_at: Times
    finish_at: Times
    closed_at: Times

    def __len__(self) -> int:
        return len(self.refund_no)

    def status(self) -> Words:
        """Return the canonical status of each refund: the last thing that happened."""
        out = words(["applied"] * len(self))
        for name, times in (
            ("agreed", self.agreed_at),
            ("returning", self.return_shipped_at),
            ("received", self.return_signed_at),
            ("rejected", self.rejected_at),
            ("success", self.finish_at),
            ("closed", self.closed_at),
        ):
            out[~np.isnat(times)] = name
        return out


def reasons_of(kind: str) -> tuple[str, ...]:
    """Return every refund reason of a kind of goods, once."""
    return tuple(dict.fromkeys(label for cause in CAUSES[kind] for label in cause.labels))


def faulty_orders(plot: Plot, goods: Goods, baskets: Baskets) -> Flags:
    """Return which orders hold an article of the faulty batch."""
    if not plot.on("faulty_sku"):
        return np.zeros(len(baskets), dtype=np.bool_)
    held: Flags = (
        (baskets.product == FAULTY_PRODUCT)
        & (goods.sku_color[baskets.sku] == FAULTY_COLOR)
        & (baskets.paid_at >= plot.since["faulty_sku"])
    )
    return held


def missized_orders(plot: Plot, baskets: Baskets) -> Flags:
    """Return which orders were made with the wrong size chart."""
    if not plot.on("wrong_size_chart"):
        return np.zeros(len(baskets), dtype=np.bool_)
    since = plot.since["wrong_size_chart"]
    held: Flags = (baskets.product == MISSIZED_PRODUCT) & (baskets.paid_at >= since)
    return held


def refunds_of(
    frame: Frame, shop: Storefront, plot: Plot, goods: Goods, baskets: Baskets, parcels: Parcels
) -> Refunds:
    """Return the refunds of one shop, in the order of application."""
    dice = frame.dice(shop.shop_id, "refunds")
    causes = CAUSES[shop.kind]
    faulty, missized = faulty_orders(plot, goods, baskets), missized_orders(plot, baskets)
    cause = _causes(dice, causes, parcels, faulty, missized)
    applied = _applied(dice, causes, parcels, cause)
    rows = np.flatnonzero(applied < frame.end)
    rows = rows[np.argsort(applied[rows], kind="stable")]
    cause, applied = cause[rows], applied[rows]
    kind = _types(dice, causes, cause)
    label = _labels(dice, causes, cause, faulty[rows])
    return Refunds(
        refund_no=words([f"{90 + len(shop.shop_id)}{n:014d}" for n in rows * 17 + 250_300_071]),
        order=rows,
        cause=cause,
        label=label,
        type=kind,
        before_dispatch=~(applied >= parcels.shipped_at[rows]),
        amount_fen=np.where(
            kind <= RETURN_REFUND,
            np.where(kind == REFUND_ONLY, _partly(dice, cause), 100) * baskets.pay_fen[rows] // 100,
            0,
        ),
        applied_at=applied,
        **_course(dice, frame, kind, applied),
    )


def _causes(
    dice: np.random.Generator,
    causes: tuple[Cause, ...],
    parcels: Parcels,
    faulty: Flags,
    missized: Flags,
) -> Ints:
    """Return one cause for each order, -1 for none."""
    size = len(faulty)
    chance = np.tile([cause.chance for cause in causes], (size, 1))
    chance[faulty, QUALITY] = FAULTY_CHANCE
    chance[missized, SIZE] = MISSIZED_CHANCE
    edges = np.cumsum(chance, axis=1)
    drawn = (dice.random(size)[:, None] >= edges).sum(axis=1)
    cause = np.where((drawn < len(causes)) & ~np.isnat(parcels.signed_at), drawn, -1)
    fed_up = parcels.stalled() & chosen(dice, STALLED_CHANCE, size)
    cause = np.where(fed_up, CARRIER, cause)
    cancelled = ~np.isnat(parcels.cancelled_at)
    return np.where(cancelled, np.where(parcels.gave_up, LATE, CANCEL), cause)


def _applied(
    dice: np.random.Generator, causes: tuple[Cause, ...], parcels: Parcels, cause: Ints
) -> Times:
    days = np.array([item.days for item in causes] + [0.0])[cause]
    after_sign = later(parcels.signed_at, 0.5 + spread(dice, days * 24, 0.6, len(cause)))
    on_the_road = later(parcels.stalled_at, 40 + 30 * dice.random(len(cause)))
    applied = np.where(cause == CARRIER, on_the_road, after_sign)
    applied = np.where((cause == CANCEL) | (cause == LATE), parcels.cancelled_at, applied)
    return np.where(cause < 0, NEVER, applied)


def _types(dice: np.random.Generator, causes: tuple[Cause, ...], cause: Ints) -> Ints:
    edges = np.cumsum([item.types for item in causes], axis=1)[cause]
    drawn = dice.random(len(cause)) * edges[:, -1]
    found: Ints = (drawn[:, None] >= edges).sum(axis=1)
    return found


def _labels(
    dice: np.random.Generator, causes: tuple[Cause, ...], cause: Ints, faulty: Flags
) -> Words:
    widest = max(len(item.labels) for item in causes)
    table = np.array(
        [[item.labels[n % len(item.labels)] for n in range(widest)] for item in causes]
    )
    found: Words = table.astype(object)[cause, dice.integers(0, widest, len(cause))]
    first = words([item.labels[0] for item in causes])[cause]
    return np.where(faulty & (cause == QUALITY) & chosen(dice, 0.8, len(cause)), first, found)


def _partly(dice: np.random.Generator, cause: Ints) -> Ints:
    """Return the percentage paid back without a return: all before dispatch, else a part."""
    return np.where(cause <= CARRIER, 100, dice.integers(1, 6, len(cause)) * 10)


def _course(
    dice: np.random.Generator, frame: Frame, kind: Ints, applied: Times
) -> dict[str, Times]:
    """Return what happened to each refund after application."""
    size = len(kind)
    answered = later(applied, spread(dice, 2.6, 0.9, size))
    rejected = chosen(dice, 0.035, size)
    agreed = frame.seen(np.where(rejected, NEVER, answered))
    returns = (kind == RETURN_REFUND) | (kind == EXCHANGE)
    withdrawn = returns & chosen(dice, 0.06, size)
    sent = later(agreed, spread(dice, 26.0, 0.6, size))
    sent = frame.seen(np.where(returns & ~withdrawn, sent, NEVER))
    received = frame.seen(later(sent, spread(dice, 58.0, 0.3, size)))
    paid_back = later(np.where(returns, received, agreed), spread(dice, _settle(kind), 0.6, size))
    closed = np.where(rejected, later(answered, 50.0), later(agreed, 160.0))
    return {
        "agreed_at": agreed,
        "rejected_at": frame.seen(np.where(rejected, answered, NEVER)),
        "return_shipped_at": sent,
        "return_signed_at": received,
        "finish_at": frame.seen(np.where(rejected | withdrawn, NEVER, paid_back)),
        "closed_at": frame.seen(np.where(rejected | withdrawn, closed, NEVER)),
    }


def _settle(kind: Ints) -> Floats:
    """Return the median hours from agreement or receipt to the end, by type."""
    hours: Floats = np.array([0.4, 13.0, 60.0, 40.0, 130.0])[kind]
    return hours
