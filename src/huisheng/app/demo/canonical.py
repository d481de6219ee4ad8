"""The demo's facts as canonical tables: the header names of the product's own schema."""

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huisheng.app.demo.baskets import SCOPE_PRODUCTS, Baskets
from huisheng.app.demo.frame import NEVER, Frame, Ints, Words, either, later
from huisheng.app.demo.goods import Goods, Storefront, geography, words
from huisheng.app.demo.lines import Script
from huisheng.app.demo.messages import Messages
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.planted import campaign_id
from huisheng.app.demo.refunds import QUALITY_LABELS, RETURN_REFUND, TYPES, Refunds, reasons_of
from huisheng.app.demo.rhythm import (
    DAYS_BEFORE_MEMBERS_DAY,
    DAYS_BEFORE_PROMOTION,
    PROMOTION_DAYS,
    Calendar,
)
from huisheng.app.demo.sheets import Sheet, instants, same, texts, yuan
from huisheng.app.demo.subjects import Setting
from huisheng.app.demo.talks import MIXED, PRE

GIFT_PRODUCTS = 6
OPEN_PLATFORM_CATEGORY = {"appliance": "小家电", "apparel": "服饰"}


@dataclass(frozen=True)
class Items:
    """Order items as columns: the first articles, then the second ones; `order` sorts them."""

    order: Ints
    sub_order_no: Words
    sku: Ints
    qty: Ints
    unit_fen: Ints
    paid_fen: Ints
    discount_fen: Ints


def items_of(goods: Goods, baskets: Baskets) -> Items:
    """Return the items of every order, in the order of the orders."""
    first, second = np.arange(len(baskets)), np.flatnonzero(baskets.extra_sku >= 0)
    extra = baskets.extra_sku[second]
    unit = goods.sku_price_fen
    share = np.zeros(len(baskets), dtype=np.int64)
    goods_fen = baskets.pay_fen - baskets.shipping_fen
    share[second] = goods_fen[second] * unit[extra] // baskets.total_fen[second]
    cut = np.zeros(len(baskets), dtype=np.int64)
    cut[second] = unit[extra] - share[second]
    order = np.concatenate([first, second])
    at = np.argsort(order, kind="stable")
    return Items(
        order=order[at],
        sub_order_no=np.concatenate([baskets.sub_order_no, baskets.extra_sub_order_no[second]])[at],
        sku=np.concatenate([baskets.sku, extra])[at],
        qty=np.concatenate([baskets.qty, np.ones(len(second), dtype=np.int64)])[at],
        unit_fen=np.concatenate([unit[baskets.sku], unit[extra]])[at],
        paid_fen=np.concatenate([baskets.pay_fen - share, share[second]])[at],
        discount_fen=np.concatenate([baskets.discount_fen - cut, cut[second]])[at],
    )


def status_of(baskets: Baskets, parcels: Parcels) -> Words:
    """Return the canonical status of each order."""
    out = words(["待付款"] * len(baskets))
    out[np.isnat(baskets.paid_at)] = "交易关闭"
    out[~np.isnat(baskets.paid_at)] = "待发货"
    out[~np.isnat(parcels.shipped_at)] = "已发货"
    out[~np.isnat(parcels.confirmed_at)] = "交易成功"
    out[~np.isnat(parcels.cancelled_at) | ~np.isnat(parcels.returned_at)] = "交易关闭"
    return out


def orders_sheet(setting: Setting) -> Sheet:
    """Return the `orders` table."""
    baskets, parcels, buyers = setting.baskets, setting.parcels, setting.buyers
    presale, paid = ~np.isnat(baskets.deposit_at), ~np.isnat(baskets.paid_at)
    closed = np.where(paid, parcels.cancelled_at, later(baskets.created_at, 24.0))
    ext = json.dumps({"campaign_id": campaign_id(setting.shop.shop_id)})
    return {
        "order_no": texts(baskets.order_no),
        "customer_key": texts(buyers.ident[baskets.buyer]),
        "status": texts(status_of(baskets, parcels)),
        "total_amount": yuan(baskets.total_fen),
        "pay_amount": yuan(baskets.pay_fen),
        "shipping_fee": yuan(baskets.shipping_fen),
        "discount_total": yuan(baskets.discount_fen),
        "coupon_amount": yuan(baskets.coupon_fen),
        "platform_subsidy": yuan(baskets.subsidy_fen),
        "is_presale": pa.array(presale),
        "deposit_amount": yuan(baskets.deposit_fen, ~presale),
        "deposit_paid_at": instants(baskets.deposit_at),
        "final_paid_at": instants(np.where(presale, baskets.paid_at, NEVER)),
        "promised_ship_at": instants(parcels.promised_at),
        "created_at": instants(baskets.created_at),
        "paid_at": instants(baskets.paid_at),
        "shipped_at": instants(parcels.shipped_at),
        "confirmed_at": instants(parcels.confirmed_at),
        "closed_at": instants(closed),
        "receiver_province": texts(geography().provinces[buyers.province[baskets.buyer]]),
        "receiver_city": texts(buyers.city[baskets.buyer]),
        "ext": texts(either(baskets.in_campaign, ext, None)),
    }


def order_items_sheet(setting: Setting, items: Items) -> Sheet:
    """Return the `order_items` table."""
    goods, product = setting.goods, setting.goods.sku_product[items.sku]
    return {
        "sub_order_no": texts(items.sub_order_no),
        "order_no": texts(setting.baskets.order_no[items.order]),
        "product_id": texts(goods.product_id[product]),
        "sku_id": texts(goods.sku_id[items.sku]),
        "merchant_code": texts(goods.sku_code[items.sku]),
        "title": texts(goods.title[product]),
        "spec": texts(goods.sku_spec[items.sku]),
        "qty": pa.array(items.qty),
        "unit_price": yuan(items.unit_fen),
        "paid_amount": yuan(items.paid_fen),
        "discount_share": yuan(items.discount_fen),
        "is_gift": pa.array(np.zeros(len(items.order), dtype=np.bool_)),
    }


def refunds_sheet(setting: Setting, refunds: Refunds) -> Sheet:
    """Return the `refunds` table, with the first reason."""
    success = refunds.status() == "success"
    back = np.isin(TYPES[refunds.type], ("return_refund", "exchange", "repair"))
    baskets = setting.baskets
    return {
        "refund_no": texts(refunds.refund_no),
        "order_no": texts(baskets.order_no[refunds.order]),
        "sub_order_no": texts(baskets.sub_order_no[refunds.order]),
        "type": texts(TYPES[refunds.type]),
        "stage": texts(either(refunds.before_dispatch, "售中", "售后")),
        "first_reason_code": texts(refunds.label),
        "first_reason_at": instants(refunds.applied_at),
        "reason_code": texts(refunds.label),
        "reason_label": texts(refunds.label),
        "amount": yuan(refunds.amount_fen),
        "refund_amount": yuan(refunds.amount_fen, ~(success & (refunds.type <= RETURN_REFUND))),
        "need_return": pa.array(back),
        "return_tracking_no": texts(return_numbers(refunds)),
        "status": texts(refunds.status()),
        "applied_at": instants(refunds.applied_at),
        "agreed_at": instants(refunds.agreed_at),
        "rejected_at": instants(refunds.rejected_at),
        "return_shipped_at": instants(refunds.return_shipped_at),
        "return_signed_at": instants(refunds.return_signed_at),
        "success_at": instants(refunds.finish_at),
        "closed_at": instants(refunds.closed_at),
        "finish_at": instants(np.where(success, refunds.finish_at, refunds.closed_at)),
        "finished_by": texts(either(success, "merchant", None)),
    }


def return_numbers(refunds: Refunds) -> Words:
    """Return the tracking number of each return parcel; None before it is sent."""
    numbers = words([f"RT{number[-12:]}" for number in refunds.refund_no])
    return either(np.isnat(refunds.return_shipped_at), None, numbers)


def conversations_sheet(setting: Setting, script: Script, conv_id: Words) -> Sheet:
    """Return the `conversations` table."""
    talks = setting.talks
    about = (talks.order >= 0) & (talks.phase != PRE)
    agent = setting.staff.agent_id[talks.agent]
    robot = setting.staff.agent_id[0]
    mixed = talks.reception == MIXED
    lost = (talks.phase == PRE) & ~talks.ordered
    result = either(lost, "lost", either(talks.ordered, "ordered", "resolved"))
    return {
        "conv_id": texts(conv_id),
        "customer_key": texts(setting.buyers.ident[talks.buyer]),
        "order_no": texts(setting.baskets.order_no[talks.order], ~about),
        "product_id": texts(setting.goods.product_id[talks.product]),
        "channel": same("im", len(talks)),
        "started_at": instants(talks.started_at),
        "ended_at": instants(script.ended_at),
        "reception_type": texts(words(["robot", "human", "mixed"])[talks.reception]),
        "first_agent_id": texts(np.where(mixed, robot, agent)),
        "last_agent_id": texts(agent),
        "transfer_count": pa.array(mixed.astype(np.int64)),
        "transfer_reason": texts(either(mixed, "顾客要求", None)),
        "is_presale": pa.array(talks.phase == PRE),
        "result": texts(result),
    }


def messages_sheet(setting: Setting, script: Script, messages: Messages, conv_id: Words) -> Sheet:
    """Return the `messages` table."""
    talks = setting.talks
    masked = setting.buyers.masked[talks.buyer[script.talk]]
    conv = conv_id[script.talk]
    return {
        "msg_id": texts(words([f"{c}-{s}" for c, s in zip(conv, script.seq, strict=True)])),
        "conv_id": texts(conv),
        "seq": pa.array(script.seq),
        "sent_at": instants(script.at),
        "role": texts(messages.role),
        "agent_id": texts(setting.staff.agent_id[messages.agent], messages.agent < 0),
        "nick_masked": texts(masked, messages.role != "buyer"),
        "type": texts(messages.type),
        "text": texts(messages.text),
        "parsed": pa.array(messages.type != "image"),
        "is_auto_reply": pa.array(messages.automatic),
        "is_recalled": pa.array(messages.recalled),
        "is_read": pa.array(np.ones(len(conv), dtype=np.bool_)),
    }


def shop_sheet(shop: Storefront) -> Sheet:
    """Return the `shops` table of one shop."""
    return {
        "shop_id": texts(words([shop.shop_id])),
        "name": texts(words([shop.name])),
        "platform": texts(words([shop.platform])),
        "category": texts(words([OPEN_PLATFORM_CATEGORY[shop.kind]])),
        "timezone": texts(words(["Asia/Shanghai"])),
        "work_start": texts(words(["08:00"])),
        "work_end": texts(words(["23:00"])),
    }


def products_sheet(frame: Frame, goods: Goods) -> Sheet:
    """Return the `products` table."""
    size = len(goods.product_id)
    attrs = [
        json.dumps({"类目": category, "配件": list(parts)}, ensure_ascii=False)
        for category, parts in zip(goods.category, goods.parts, strict=True)
    ]
    gifts = [
        json.dumps([{"name": parts[0], "cost": 3.5}], ensure_ascii=False)
        if n < GIFT_PRODUCTS
        else "[]"
        for n, parts in enumerate(goods.parts)
    ]
    return {
        "product_id": texts(goods.product_id),
        "merchant_code": texts(words([goods.sku_code[0][:2] + f"{n:03d}" for n in range(size)])),
        "title": texts(goods.title),
        "category": texts(goods.path),
        "status": same("on_sale", size),
        "list_price": yuan(goods.price_fen * 13 // 10),
        "attrs": texts(words(attrs)),
        "size_table": texts(words([_size_table(goods, n) for n in range(size)])),
        "fit_bias": texts(either(goods.warranty_days > 0, None, "normal")),
        "gifts": texts(words(gifts)),
        "warranty_days": pa.array(goods.warranty_days),
        "exchange_quality_days": pa.array(np.full(size, 15)),
        "replace_not_repair": pa.array(goods.warranty_days > 0),
        "on_sale_at": instants(
            np.array([frame.instant(-200 - 7 * (n * 13 % 40), 10) for n in range(size)])
        ),
    }


def _size_table(goods: Goods, product: int) -> str | None:
    sizes = list(dict.fromkeys(goods.sku_size[goods.sku_product == product]))
    if sizes == [None]:
        return None
    return json.dumps(
        {
            size: {"height": [155 + 6 * n, 162 + 6 * n], "weight": [45 + 8 * n, 53 + 8 * n]}
            for n, size in enumerate(sizes)
        }
    )


def skus_sheet(goods: Goods) -> Sheet:
    """Return the `skus` table."""
    price = goods.sku_price_fen
    size = len(price)
    return {
        "sku_id": texts(goods.sku_id),
        "product_id": texts(goods.product_id[goods.sku_product]),
        "merchant_code": texts(goods.sku_code),
        "spec": texts(goods.sku_spec),
        "size": texts(goods.sku_size),
        "color": texts(goods.sku_color),
        "price": yuan(price),
        "cost": yuan(price * 55 // 100),
        "stock": pa.array(40 + np.arange(size) * 37 % 900),
        "is_accessory": pa.array(np.zeros(size, dtype=np.bool_)),
    }


def reasons_sheet(shop: Storefront) -> Sheet:
    """Return the `refund_reasons` table: the code is the platform's own word."""
    reasons = reasons_of(shop.kind)
    return {
        "code": texts(words(reasons)),
        "category": same(OPEN_PLATFORM_CATEGORY[shop.kind], len(reasons)),
        "label": texts(words(reasons)),
        "is_quality": pa.array([reason in QUALITY_LABELS for reason in reasons]),
    }


def campaigns_sheets(
    frame: Frame, shop: Storefront, goods: Goods, calendar: Calendar
) -> tuple[Sheet, Sheet]:
    """Return the `campaigns` and `campaign_rules` tables of one shop."""
    ident = campaign_id(shop.shop_id)
    name = "818家电节" if shop.kind == "appliance" else "818夏末清仓"
    begin = np.array([frame.instant(calendar.promotion)])
    end = np.array([frame.instant(calendar.promotion_end) - np.timedelta64(1, "s")])
    members = frame.day_at(DAYS_BEFORE_MEMBERS_DAY)
    windows = (
        (f"{ident}-deposit", name, "deposit", calendar.presale, calendar.promotion),
        (ident, name, "live", calendar.promotion, calendar.promotion_end),
        (f"719-{ident}", "719会员日", "live", members, members + PROMOTION_DAYS),
    )
    campaigns: Sheet = {
        "campaign_id": texts(words([window[0] for window in windows])),
        "name": texts(words([window[1] for window in windows])),
        "phase": texts(words([window[2] for window in windows])),
        "start_at": instants(np.array([frame.instant(window[3]) for window in windows])),
        "end_at": instants(
            np.array([frame.instant(window[4]) - np.timedelta64(1, "s") for window in windows])
        ),
        "stack_mode": texts(words(["sequential"] * len(windows))),
        "price_protect_days": pa.array([30] * len(windows)),
    }
    scope = {"product_id": list(goods.product_id[:SCOPE_PRODUCTS])}
    rules: Sheet = {
        "rule_id": texts(words([f"{ident}-1", f"{ident}-2"])),
        "campaign_id": texts(words([ident, ident])),
        "kind": texts(words(["shop_coupon", "deposit_expand"])),
        "threshold": yuan(np.array([19900, 0]), np.array([False, True])),
        "discount": yuan(np.array([4000, 0]), np.array([False, True])),
        "deposit": yuan(np.array([0, 2000]), np.array([True, False])),
        "expand_to": yuan(np.array([0, 5000]), np.array([True, False])),
        "stack_order": pa.array([1, 2]),
        "scope": texts(words([json.dumps(scope)] * 2)),
        "valid_from": instants(np.repeat(begin, 2)),
        "valid_to": instants(np.repeat(end, 2)),
    }
    return campaigns, rules


def scores_sheet(frame: Frame) -> Sheet:
    """Return the `platform_score_snapshots` table: two scores, read off once a week.

    Both sag after the promotion; nobody can recompute them, so they only follow the story.
    """
    days = np.arange(1, frame.days, 7)
    after = days > frame.day_at(DAYS_BEFORE_PROMOTION)
    wave = 0.01 * np.round(3 * np.sin(days / 9.0))
    service = np.round(4.72 + wave - 0.11 * after, 2)
    experience = np.round(4.46 + wave - 0.08 * after, 2)
    dates = [frame.date_at(int(day)).isoformat() for day in days]
    return {
        "taken_on": texts(words([*dates, *dates, *dates[::4]])),
        "score_id": texts(
            words(
                ["store_service_score"] * len(days)
                + ["taobao_real_experience_score"] * len(days)
                + ["gold_wangwang"] * len(dates[::4])
            )
        ),
        "dimension": same("total", 2 * len(days) + len(dates[::4])),
        "score": pa.array([*service, *experience, *[3.0] * len(dates[::4])]),
    }
