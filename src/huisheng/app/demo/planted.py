"""The stuck points hidden in the demo: what happened, where, since when, and who owns it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from huisheng.app.demo.frame import Frame
from huisheng.app.demo.goods import goods_of, storefronts
from huisheng.app.demo.rhythm import calendar_of

APPLIANCES, APPAREL = "tmall-xiaonuan", "douyin-yunzhi"
FAULTY_PRODUCT = 1  # row in the shop's goods: the best-selling air fryer
FAULTY_COLOR = "松绿"
MISSIZED_PRODUCT = 1  # the best-selling trousers
STALLING_CARRIER = "百捷物流"
STALLED_PROVINCES = ("广西", "云南")
SLOW_HOURS = (20, 23)
FROM_DAY = {  # of 60: on which day each stuck point begins
    "faulty_sku": 28,
    "stalled_carrier": 28,
    "wrong_size_chart": 25,
    "slow_evening": 26,
    "slow_exchange": 27,
}


@dataclass(frozen=True)
class Planted:
    """One stuck point.

    Attributes:
        kind: its name here.
        problems: what reveals it, as `kind:id` with the kinds of a finding's problem.
        segment: the slice of the business that is stuck.
        since: first local date on which it shows.
        factor: by how much the first problem's rate inside the segment exceeds the rate outside
            it, at least.
        happened: what went wrong, for a person.
    """

    kind: str
    shop_id: str
    problems: tuple[str, ...]
    segment: Mapping[str, str]
    since: date
    department: str
    factor: float
    happened: str


@dataclass(frozen=True)
class Plot:
    """What is planted in one shop: from which instant each stuck point is on.

    A name that is not in `since` is not planted here.
    """

    since: Mapping[str, np.datetime64]

    def on(self, kind: str) -> bool:
        """Return whether `kind` is planted in this shop."""
        return kind in self.since


def plot_of(frame: Frame, shop_id: str) -> Plot:
    """Return what is planted in a shop."""
    return Plot(
        MappingProxyType(
            {
                stuck.kind: np.datetime64(stuck.since, "s")
                for stuck in planted_in(frame)
                if stuck.shop_id == shop_id
            }
        )
    )


def planted_in(frame: Frame) -> tuple[Planted, ...]:
    """Return every stuck point of a demo; none when it is healthy."""
    if frame.healthy:
        return ()
    calendar = calendar_of(frame)
    since = {kind: frame.date_at(frame.day_at(day)) for kind, day in FROM_DAY.items()}
    promotion = frame.date_at(calendar.promotion)
    shops = {shop.shop_id: shop for shop in storefronts()}
    fryer, trousers = goods_of(shops[APPLIANCES]), goods_of(shops[APPAREL])
    faulty = next(
        sku
        for sku, product, color in zip(
            fryer.sku_id, fryer.sku_product, fryer.sku_color, strict=True
        )
        if product == FAULTY_PRODUCT and color == FAULTY_COLOR
    )
    return (
        Planted(
            "faulty_sku",
            APPLIANCES,
            ("refund_reason:质量问题", "scene:POST03", "scene:POST04", "aspect:P03"),
            {"product_id": fryer.product_id[FAULTY_PRODUCT], "sku_id": faulty},
            since["faulty_sku"],
            "product",
            4.0,
            "空气炸锅K1松绿色换了一批温控器，用几天就不加热或跳停。",
        ),
        Planted(
            "stalled_carrier",
            APPLIANCES,
            ("scene:MID08", "scene:MID07", "aspect:L02"),
            {"carrier": STALLING_CARRIER, "province": STALLED_PROVINCES[0]},
            since["stalled_carrier"],
            "carrier",
            5.0,
            "百捷物流南宁转运中心爆仓，发往广西、云南的包裹三五天没有动静。",
        ),
        Planted(
            "wrong_size_chart",
            APPAREL,
            ("refund_reason:尺码不合适", "aspect:P05", "scene:POST07", "scene:PRE09"),
            {"product_id": trousers.product_id[MISSIZED_PRODUCT]},
            since["wrong_size_chart"],
            "product",
            3.0,
            "直筒休闲裤换了版型，详情页仍是旧尺码表，按表选的普遍小一码。",
        ),
        Planted(
            "slow_evening",
            APPLIANCES,
            ("metric:resp_3min_rate", "aspect:C01", "metric:ww_satisfaction"),
            {"agent_group": "售后组", "hour": str(SLOW_HOURS[0])},
            since["slow_evening"],
            "cs",
            3.0,
            "售后组晚班从三人减到一人，20点到23点大量会话要等好几分钟。",
        ),
        Planted(
            "late_dispatch",
            APPLIANCES,
            ("scene:MID06", "refund_reason:未按约定时间发货", "aspect:L01"),
            {"campaign_id": campaign_id(APPLIANCES)},
            promotion,
            "warehouse",
            5.0,
            "818大促后嘉兴仓积压，活动订单平均四天多才发出，早过了承诺的72小时。",
        ),
        Planted(
            "dead_coupon",
            APPAREL,
            ("aspect:M02", "scene:PRE28", "scene:PRE18"),
            {"campaign_id": campaign_id(APPAREL)},
            frame.date_at(calendar.promotion),
            "ops",
            4.0,
            "818满199减40的券没有勾选活动商品，领到券的人结算时用不上。",
        ),
        Planted(
            "slow_exchange",
            APPAREL,
            ("step:inspected→new_shipped",),
            {"step": "inspected→new_shipped"},
            since["slow_exchange"],
            "warehouse",
            4.0,
            "广州仓把换货发新并入周批次，验收后要等三四天才寄出新货。",
        ),
    )


def campaign_id(shop_id: str) -> str:
    """Return the id of a shop's promotion."""
    return f"818-{shop_id.split('-')[0]}"
