"""Make the demo: every shop's facts, then the files the merchant would hand over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from huisheng.app.demo import canonical, exports_others, exports_taobao
from huisheng.app.demo.baskets import baskets_of
from huisheng.app.demo.complaints import compensations_sheet, disputes_sheet
from huisheng.app.demo.frame import DAY_SECONDS, Flags, Frame, Words, either
from huisheng.app.demo.goods import Storefront, goods_of, storefronts, words
from huisheng.app.demo.journeys import scans_of, scans_sheet, shipments_sheet
from huisheng.app.demo.lines import Script, script_of
from huisheng.app.demo.messages import Messages, messages_of
from huisheng.app.demo.parcels import parcels_of
from huisheng.app.demo.people import buyers_of
from huisheng.app.demo.planted import Planted, Plot, planted_in, plot_of
from huisheng.app.demo.refunds import Refunds, refunds_of
from huisheng.app.demo.rhythm import Calendar, calendar_of
from huisheng.app.demo.sheets import Sheet, rows_of, write_csv, write_jsonl, write_parquet
from huisheng.app.demo.staff import agents_sheet, shifts_sheet, staff_of
from huisheng.app.demo.subjects import Setting
from huisheng.app.demo.talks import talks_of
from huisheng.app.demo.tickets import tickets_sheets
from huisheng.app.demo.voices import ratings_sheet, reviews_of, reviews_sheet, surveys_sheets
from huisheng.errors import BadInputError

LEAST_DAYS, LEAST_ORDERS = 28, 200
BUYERS_PER_ORDER = 1.6
CHAT_LOG_DAYS = 3  # of the shop whose latest chats come as a chat log


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop of a demo, and the folder with the files it handed over."""

    shop_id: str
    name: str
    platform: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Demo:
    """What was written, and the stuck points hidden in it."""

    shops: tuple[Shop, ...]
    planted: tuple[Planted, ...]


@dataclass(frozen=True)
class _Facts:
    """Everything that happened in one shop."""

    setting: Setting
    plot: Plot
    refunds: Refunds
    script: Script
    messages: Messages
    conv_id: Words


def generate(
    folder: Path,
    *,
    seed: int = 20260901,
    days: int = 60,
    orders: int = 20_000,
    last_day: date = date(2026, 8, 31),
    healthy: bool = False,
) -> Demo:
    """Write the files of a made-up merchant with four shops, one sub-folder a shop.

    The same arguments give the same bytes.

    Args:
        folder: where to write; made when it does not exist.
        seed: start of all dice.
        days: length of the period, at least 28.
        orders: number of orders over all shops, at least 200; messages are about 7.5 an order.
        last_day: last local date on which anything happens.
        healthy: plant nothing.

    Raises:
        BadInputError: the period is too short or there are too few orders.
    """
    if days < LEAST_DAYS or orders < LEAST_ORDERS:
        raise BadInputError(
            "演示数据",
            f"天数 {days}、订单数 {orders} 太少",
            f"请至少给 {LEAST_DAYS} 天、{LEAST_ORDERS} 笔订单",
        )
    frame = Frame(seed, last_day, days, orders, healthy)
    calendar = calendar_of(frame)
    shops = []
    for shop in storefronts():
        target = folder / shop.shop_id
        target.mkdir(parents=True, exist_ok=True)
        facts = _facts(frame, shop, calendar)
        _write_shared(frame, target, calendar, facts)
        _WRITERS[shop.platform](frame, target, facts)
        shops.append(Shop(shop.shop_id, shop.name, shop.platform, target))
    return Demo(tuple(shops), planted_in(frame))


def _facts(frame: Frame, shop: Storefront, calendar: Calendar) -> _Facts:
    size = round(frame.orders * shop.share)
    plot, goods, staff = plot_of(frame, shop.shop_id), goods_of(shop), staff_of(shop)
    buyers = buyers_of(frame, shop, round(size * BUYERS_PER_ORDER))
    baskets = baskets_of(frame, shop, goods, buyers, calendar, size)
    parcels = parcels_of(frame, shop, plot, baskets, buyers)
    refunds = refunds_of(frame, shop, plot, goods, baskets, parcels)
    talks = talks_of(frame, shop, plot, goods, calendar, baskets, parcels, refunds)
    setting = Setting(shop, goods, buyers, baskets, parcels, staff, talks)
    script = script_of(frame, shop.shop_id, calendar, talks)
    conv_id = words([f"{shop.platform}-c{n:06d}" for n in range(1, len(talks) + 1)])
    messages = messages_of(frame, setting, script)
    return _Facts(setting, plot, refunds, script, messages, conv_id)


def _write_shared(frame: Frame, target: Path, calendar: Calendar, facts: _Facts) -> None:
    """Write the tables that every shop keeps in the same way."""
    setting, refunds, script = facts.setting, facts.refunds, facts.script
    parcels, goods = setting.parcels, setting.goods
    known_talks = either(_in_chat_log(frame, facts), None, facts.conv_id)
    rated, ratings = ratings_sheet(frame, setting, script, known_talks)
    surveys, answers = surveys_sheets(frame, setting, parcels)
    bad = np.asarray(ratings["score"]) <= 2
    when = ratings["rated_at"].to_numpy(zero_copy_only=False)[bad]
    tickets, events = tickets_sheets(
        frame, setting, facts.plot, parcels, refunds, script, (rated[bad], when), known_talks
    )
    sheets: Mapping[str, Sheet] = {
        "shops": canonical.shop_sheet(setting.shop),
        "agents": agents_sheet(frame, setting.staff),
        "agent_shifts": shifts_sheet(frame, facts.plot, setting.staff),
        "products": canonical.products_sheet(frame, goods),
        "skus": canonical.skus_sheet(goods),
        "refund_reasons": canonical.reasons_sheet(setting.shop),
        "session_ratings": ratings,
        "surveys": surveys,
        "survey_answers": answers,
        "tickets": tickets,
        "ticket_events": events,
        "compensations": compensations_sheet(frame, setting, tickets),
        "disputes": disputes_sheet(frame, setting, parcels, refunds),
        "shipments": shipments_sheet(setting, refunds),
    }
    if setting.baskets.in_campaign.any():
        campaigns, rules = canonical.campaigns_sheets(frame, setting.shop, goods, calendar)
        sheets = {**sheets, "campaigns": campaigns, "campaign_rules": rules}
    if setting.shop.platform == "tmall":
        sheets = {**sheets, "platform_score_snapshots": canonical.scores_sheet(frame)}
    for name, sheet in sheets.items():
        write_csv(target / f"{name}.csv", sheet)


def _write_tmall(frame: Frame, target: Path, facts: _Facts) -> None:
    """Write orders in two of Taobao's formats, promotion orders from the ERP, chats in two."""
    setting, baskets = facts.setting, facts.setting.baskets
    items = canonical.items_of(setting.goods, baskets)
    middle = frame.instant(frame.days // 2)
    plain = ~baskets.in_campaign
    recent = plain & (baskets.created_at >= middle)
    older = plain & ~recent
    exports_taobao.write_orders(target / "千牛订单报表.xlsx", setting, items, recent)
    exports_taobao.write_items(target / "千牛宝贝报表.xlsx", setting, items, recent)
    exports_taobao.write_legacy_orders(target / "ExportOrderList202608.csv", setting, items, older)
    write_csv(target / "orders.csv", rows_of(canonical.orders_sheet(setting), ~plain))
    from_erp = (older | ~plain)[items.order]
    write_csv(
        target / "order_items.csv", rows_of(canonical.order_items_sheet(setting, items), from_erp)
    )
    exports_taobao.write_refunds(target / "退款管理.xlsx", setting, facts.refunds)
    reviews = reviews_of(frame, setting, facts.plot, setting.parcels, facts.refunds)
    exports_taobao.write_reviews(target / "评价管理.xlsx", setting, reviews)
    exports_taobao.write_tracking(target / "物流轨迹.json", scans_of(frame, setting))
    logged = _in_chat_log(frame, facts)
    talks = canonical.conversations_sheet(setting, facts.script, facts.conv_id)
    write_csv(target / "conversations.csv", rows_of(talks, ~logged))
    lines = canonical.messages_sheet(setting, facts.script, facts.messages, facts.conv_id)
    in_log = logged[facts.script.talk]
    write_csv(target / "messages.csv", rows_of(lines, ~in_log))
    exports_taobao.write_chat(
        target / "千牛聊天记录.txt", setting, facts.script, facts.messages, in_log
    )


def _write_jd(frame: Frame, target: Path, facts: _Facts) -> None:
    """Write 京东's orders, and everything else in canonical CSV."""
    setting, plain = facts.setting, ~facts.setting.baskets.in_campaign
    items = canonical.items_of(setting.goods, setting.baskets)
    exports_others.write_jd_orders(target / "京东订单导出.csv", setting, items, plain)
    _write_promotion_orders(target, setting, items)
    write_csv(target / "refunds.csv", canonical.refunds_sheet(setting, facts.refunds))
    _write_voices(frame, target, facts)


def _write_douyin(frame: Frame, target: Path, facts: _Facts) -> None:
    """Write 抖店's orders and after-sale cases; chats as Parquet, conversations as JSON lines."""
    setting, plain = facts.setting, ~facts.setting.baskets.in_campaign
    items = canonical.items_of(setting.goods, setting.baskets)
    exports_others.write_douyin_orders(target / "抖店订单导出.csv", setting, items, plain)
    exports_others.write_douyin_refunds(target / "抖店售后单.xlsx", setting, facts.refunds)
    _write_promotion_orders(target, setting, items)
    talks = canonical.conversations_sheet(setting, facts.script, facts.conv_id)
    write_jsonl(target / "conversations.jsonl", talks)
    lines = canonical.messages_sheet(setting, facts.script, facts.messages, facts.conv_id)
    write_parquet(target / "messages.parquet", lines)
    _write_reviews(frame, target, facts)


def _write_pdd(frame: Frame, target: Path, facts: _Facts) -> None:
    """Write 拼多多's orders, and everything else in canonical CSV."""
    setting = facts.setting
    every = np.ones(len(setting.baskets), dtype=np.bool_)
    items = canonical.items_of(setting.goods, setting.baskets)
    exports_others.write_pdd_orders(target / "拼多多订单.csv", setting, items, every)
    write_csv(target / "refunds.csv", canonical.refunds_sheet(setting, facts.refunds))
    _write_voices(frame, target, facts)


def _write_promotion_orders(target: Path, setting: Setting, items: canonical.Items) -> None:
    """Write the promotion's orders as the ERP has them, which knows campaign and deposit."""
    promoted = setting.baskets.in_campaign
    write_csv(target / "orders.csv", rows_of(canonical.orders_sheet(setting), promoted))
    sheet = canonical.order_items_sheet(setting, items)
    write_csv(target / "order_items.csv", rows_of(sheet, promoted[items.order]))


def _write_voices(frame: Frame, target: Path, facts: _Facts) -> None:
    talks = canonical.conversations_sheet(facts.setting, facts.script, facts.conv_id)
    write_csv(target / "conversations.csv", talks)
    lines = canonical.messages_sheet(facts.setting, facts.script, facts.messages, facts.conv_id)
    write_csv(target / "messages.csv", lines)
    _write_reviews(frame, target, facts)


def _write_reviews(frame: Frame, target: Path, facts: _Facts) -> None:
    setting = facts.setting
    reviews = reviews_of(frame, setting, facts.plot, setting.parcels, facts.refunds)
    write_csv(target / "reviews.csv", reviews_sheet(setting, reviews))
    write_csv(target / "shipment_events.csv", scans_sheet(scans_of(frame, setting)))


def _in_chat_log(frame: Frame, facts: _Facts) -> Flags:
    """Return which conversations come as a chat log, which gives them no id."""
    begin = frame.end - np.timedelta64(CHAT_LOG_DAYS * DAY_SECONDS, "s")
    latest = facts.setting.talks.started_at >= begin
    return latest & (facts.setting.shop.platform == "tmall")


_WRITERS: Mapping[str, Callable[[Frame, Path, _Facts], None]] = {
    "tmall": _write_tmall,
    "jd": _write_jd,
    "douyin": _write_douyin,
    "pdd": _write_pdd,
}
