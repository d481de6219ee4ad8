"""A seeded shop-month, counted twice: by the engine, and in plain Python from the rules' words.

The second count shares nothing with the first but the rows: it reads times as text, walks lists
and counts with loops. Both must agree exactly.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest

from huisheng import metrics
from tests.metrics.shop_month import ORDERS, build_shop
from tests.worlds import facts_of, window_of

START, END = "2026-08-06", "2026-08-25"
FIRST, AFTER = datetime.fromisoformat(START), datetime.fromisoformat("2026-08-26")
QUALITY = {"质量问题", "少件", "功能故障"}


def moment(text):
    return None if text is None else datetime.fromisoformat(text)


def inside(text):
    return text is not None and FIRST <= moment(text) < AFTER


SHOP = build_shop()
FACTS = facts_of(SHOP)


def table(name):
    return SHOP[name]


def parcels_of():
    parcels = defaultdict(list)
    for row in table("shipments"):
        if row["direction"] == "out":
            parcels[row["order_no"]].append(row)
    return parcels


def paid_orders():
    return [row for row in table("orders") if inside(row["paid_at"])]


def refunds_of():
    refunds = defaultdict(list)
    for row in table("refunds"):
        refunds[row["order_no"]].append(row)
    return refunds


def has_shipped(order):
    return order["shipped_at"] is not None or bool(parcels_of()[order["order_no"]])


def walk_rounds():
    """Return (conversation, started, replied or None, role of the reply).

    One conversation after another, line after line, as a person reads a chat.
    """
    chats = defaultdict(list)
    for row in table("messages"):
        silent = row["is_auto_reply"] or row["is_recalled"] or row["type"] == "card"
        if not silent and row["role"] != "system":
            chats[row["conv_id"]].append(row)
    rounds = []
    for conv_id, lines in chats.items():
        lines.sort(key=lambda row: (row["sent_at"], row["seq"]))
        asked = []
        for row in lines:
            if row["role"] == "buyer":
                asked.append(row)
            elif asked:
                rounds.append(
                    (conv_id, moment(asked[0]["sent_at"]), moment(row["sent_at"]), row["role"])
                )
                asked = []
        if any(row["text"] not in ("谢谢", "好的", "嗯") for row in asked):
            rounds.append((conv_id, moment(asked[0]["sent_at"]), None, None))
    return rounds


def assessed_rounds():
    return [
        (started, replied)
        for _, started, replied, role in walk_rounds()
        if role != "robot_auto" and 8 <= started.hour < 23 and FIRST <= started < AFTER
    ]


def seconds(delta):
    return delta.total_seconds()


def ww_satisfaction():
    levels = [
        row["level"]
        for row in table("session_ratings")
        if inside(row["rated_at"])
        and row["level"]
        and row["subject"] != "aftersale"
        and not row["is_cheating"]
    ]
    return sum(level in ("很满意", "满意") for level in levels), len(levels)


def platform_help_rate():
    count = 0
    for row in table("disputes"):
        if not inside(row["launched_at"]):
            continue
        if row["kind"] == "complaint":
            count += 1
        elif row["kind"] == "work_order":
            count += row["work_order_type"] == "普通"
        elif not row["is_proactive_member"]:
            count += row["initiator"] == "consumer" or (
                row["initiator"] == "platform" and bool(row["merchant_rejected_first"])
            )
    return count, len(paid_orders())


def first_quality_refund_rate():
    refunds, parcels, count = refunds_of(), parcels_of(), 0
    for order in paid_orders():
        signed = [p["signed_at"] for p in parcels[order["order_no"]] if p["signed_at"]]
        count += any(
            refund["first_reason_code"] in QUALITY
            and refund["type"] in ("refund_only", "return_refund")
            and signed
            and refund["applied_at"] >= min(signed)
            and refund["duty_party"] not in ("买家责任", "消费者责任")
            for refund in refunds[order["order_no"]]
        )
    return count, len(paid_orders())


def rate_of_types(*types):
    shipped = [order for order in paid_orders() if has_shipped(order)]
    refunds = refunds_of()
    hit = [
        order for order in shipped if any(r["type"] in types for r in refunds[order["order_no"]])
    ]
    return len(hit), len(shipped)


def return_rate():
    paid = {order["order_no"] for order in paid_orders()}
    returned = {row["sub_order_no"] for row in table("refunds") if row["type"] == "return_refund"}
    items = [
        row["sub_order_no"]
        for row in table("order_items")
        if row["order_no"] in paid and not row["is_gift"]
    ]
    return sum(item in returned for item in items), len(items)


def refund_only_rate():
    refunds = refunds_of()
    hit = [
        o for o in paid_orders() if any(r["type"] == "refund_only" for r in refunds[o["order_no"]])
    ]
    return len(hit), len(paid_orders())


def refund_amount():
    amounts = [
        round(row["refund_amount"] * 100)
        for row in table("refunds")
        if row["status"] == "success" and inside(row["finish_at"])
    ]
    return sum(amounts) / 100, len(amounts)


def resp_3min_rate():
    rounds = assessed_rounds()
    in_time = [1 for started, replied in rounds if replied and seconds(replied - started) <= 180]
    return len(in_time), len(rounds)


def ww_avg_human_resp_sec():
    rounds = assessed_rounds()
    waits = [
        min(seconds(replied - started), 600) if replied else 600 for started, replied in rounds
    ]
    return sum(waits), len(waits)


def first_waits():
    first = {}
    for conv_id, started, replied, role in walk_rounds():
        if role != "robot_auto":
            first.setdefault(conv_id, (started, replied))
    return [
        seconds(replied - started)
        for started, replied in first.values()
        if replied and 8 <= started.hour < 23 and FIRST <= started < AFTER
    ]


def first_resp_sec():
    waits = first_waits()
    return sum(waits), len(waits)


def inquiry_conversion_rate(days=2):
    orders = defaultdict(list)
    for row in table("orders"):
        if row["customer_key"] and row["paid_at"]:
            orders[row["customer_key"]].append(moment(row["paid_at"]))
    first = {}
    for row in table("conversations"):
        started, customer = moment(row["started_at"]), row["customer_key"]
        if customer:
            key = (customer, started.date())
            first[key] = min(first.get(key, started), started)
    asked = bought = 0
    for (customer, day), started in first.items():
        if not FIRST <= started < AFTER:
            continue
        paid = orders[customer]
        if any(started - timedelta(days=15) <= at < started for at in paid):
            continue
        end = datetime.combine(day, datetime.min.time()) + timedelta(days=days + 1)
        asked += 1
        bought += any(started <= at < end for at in paid)
    return bought, asked


def transfer_human_rate():
    kinds = Counter(
        row["reception_type"] for row in table("conversations") if inside(row["started_at"])
    )
    return kinds["mixed"], kinds["mixed"] + kinds["robot"]


def hourly_load():
    hours = Counter(
        moment(row["started_at"]).hour
        for row in table("conversations")
        if inside(row["started_at"])
    )
    return max(hours.values()), sum(hours.values())


def complaint_handle_hours():
    took = [
        seconds(moment(row["closed_at"]) - moment(row["created_at"]))
        for row in table("tickets")
        if row["type"] == "complaint" and inside(row["closed_at"])
    ]
    return sum(took) / 3600, len(took)


def gmv():
    fen = [round(order["pay_amount"] * 100) for order in paid_orders()]
    return sum(fen) / 100, len(fen)


def repurchase_rate():
    days = defaultdict(set)
    for order in paid_orders():
        if order["customer_key"]:
            days[order["customer_key"]].add(order["paid_at"][:10])
    return sum(len(d) > 1 for d in days.values()), len(days)


def unreplied_rate():
    last = {}
    for conv_id, _, replied, _ in walk_rounds():
        last[conv_id] = replied
    started = {row["conv_id"]: row["started_at"] for row in table("conversations")}
    ends = [replied for conv_id, replied in last.items() if inside(started[conv_id])]
    return sum(replied is None for replied in ends), len(ends)


ORACLE = {
    "ww_satisfaction": ww_satisfaction,
    "platform_help_rate": platform_help_rate,
    "first_quality_refund_rate": first_quality_refund_rate,
    "return_exchange_rate": lambda: rate_of_types("return_refund", "exchange"),
    "exchange_rate": lambda: rate_of_types("exchange"),
    "return_rate": return_rate,
    "refund_only_rate": refund_only_rate,
    "refund_amount": refund_amount,
    "resp_3min_rate": resp_3min_rate,
    "ww_avg_human_resp_sec": ww_avg_human_resp_sec,
    "first_resp_sec": first_resp_sec,
    "inquiry_conversion_rate": inquiry_conversion_rate,
    "inquiry_conversion_rate@15d": lambda: inquiry_conversion_rate(15),
    "transfer_human_rate": transfer_human_rate,
    "hourly_load": hourly_load,
    "complaint_handle_hours": complaint_handle_hours,
    "gmv": gmv,
    "repurchase_rate": repurchase_rate,
    "unreplied_rate": unreplied_rate,
}


@pytest.mark.parametrize("metric_id", ORACLE)
def test_the_engine_counts_what_a_person_counts(metric_id):
    numerator, denominator = ORACLE[metric_id]()
    assert denominator > 20, "the shop must be busy enough to tell rules apart"
    (found,) = metrics.query(FACTS, metric_id, window_of(START, END))
    assert found.denominator == denominator
    assert found.numerator == numerator


def percentile(values, share):
    """Return the linearly interpolated percentile (conventions 1)."""
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def test_percentiles_interpolate_linearly():
    (found,) = metrics.query(FACTS, "first_resp_sec", window_of(START, END))
    waits = first_waits()
    assert found.p50 == pytest.approx(percentile(waits, 0.5), rel=1e-9)
    assert found.p90 == pytest.approx(percentile(waits, 0.9), rel=1e-9)


def test_every_shop_table_was_used():
    assert len(SHOP["messages"]) > 1_800
    assert len(SHOP["orders"]) == ORDERS
