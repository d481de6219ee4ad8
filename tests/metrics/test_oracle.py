"""A seeded shop-month, counted twice: by the engine, and in plain Python from the rules' words.

The second count shares nothing with the first but the rows: it reads times as text, walks lists
and counts with loops. Both must agree exactly.
"""

import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest

from huisheng import metrics
from tests.worlds import facts_of, window_of

SEED, ORDERS, CONVERSATIONS = 20261122, 300, 400
START, END = "2026-08-06", "2026-08-25"
FIRST, AFTER = datetime.fromisoformat(START), datetime.fromisoformat("2026-08-26")
QUALITY = {"质量问题", "少件", "功能故障"}
REASONS = ["质量问题", "少件", "功能故障", "不想要了", "七天无理由"]


def stamp(moment):
    return None if moment is None else moment.isoformat(" ", "seconds")


def moment(text):
    return None if text is None else datetime.fromisoformat(text)


def inside(text):
    return text is not None and FIRST <= moment(text) < AFTER


def build_shop():
    rng = random.Random(SEED)
    rows = defaultdict(list)

    def some_time(days=30):
        # Hours near the edges of the service day and of the calendar day are drawn often.
        hour = rng.choice([0, 7, 8, 9, 12, 15, 19, 20, 21, 22, 22, 23])
        return datetime.fromisoformat("2026-08-01") + timedelta(
            days=rng.randrange(days),
            hours=hour,
            seconds=rng.choice([0, 1, 1800, 3598, 3599, rng.randrange(3600)]),
        )

    for number in range(ORDERS):
        add_order(rng, rows, number, some_time())
    for number in range(CONVERSATIONS):
        add_conversation(rng, rows, number, some_time())
    for number in range(200):
        rows["tickets"].append(
            {
                "ticket_no": f"k{number}",
                "type": rng.choice(["complaint", "complaint", "exchange"]),
                "created_at": stamp(created := some_time()),
                "closed_at": rng.choice(
                    [None, stamp(created + timedelta(minutes=rng.randrange(9000)))]
                ),
            }
        )
    return {name: tuple(table) for name, table in rows.items()}


def add_order(rng, rows, number, paid):
    order_no = f"o{number}"
    paid = rng.choice([paid] * 9 + [None])
    shipped = paid and rng.choice([None, paid + timedelta(hours=rng.randrange(72))])
    signed = shipped and rng.choice([None, shipped + timedelta(hours=rng.randrange(24, 120))])
    rows["orders"].append(
        {
            "order_no": order_no,
            "customer_key": rng.choice([f"u{rng.randrange(80)}"] * 9 + [None]),
            "created_at": stamp(paid),
            "paid_at": stamp(paid),
            "pay_amount": rng.randrange(1, 90_000) / 100,
            "shipped_at": rng.choice([None, stamp(shipped)]),
        }
    )
    for item in range(rng.randrange(1, 4)):
        rows["order_items"].append(
            {
                "sub_order_no": f"{order_no}-{item}",
                "order_no": order_no,
                "product_id": f"p{rng.randrange(6)}",
                "qty": rng.randrange(1, 4),
                "is_gift": rng.choice([False, False, None, True]),
            }
        )
    if shipped:
        for parcel in range(rng.choice([0, 1, 1, 2])):
            later = timedelta(hours=7 * parcel)
            rows["shipments"].append(
                {
                    "tracking_no": f"t{number}-{parcel}",
                    "order_no": order_no,
                    "direction": rng.choice(["out", "out", "out", "return"]),
                    "shipped_at": stamp(shipped + later),
                    "signed_at": stamp(signed and signed + later),
                }
            )
    for refund in range(rng.choice([0, 0, 1, 2]) if paid else 0):
        add_refund(rng, rows, f"{number}-{refund}", order_no, signed or paid)
    for dispute in range(rng.choice([0, 0, 0, 0, 1, 2]) if paid else 0):
        rows["disputes"].append(
            {
                "dispute_no": f"d{number}-{dispute}",
                "order_no": order_no,
                "kind": rng.choice(["dispute", "dispute", "complaint", "work_order"]),
                "work_order_type": rng.choice(["普通", "提醒发货", None]),
                "initiator": rng.choice(["consumer", "consumer", "platform", "merchant"]),
                "is_proactive_member": rng.choice([True, False, None]),
                "merchant_rejected_first": rng.choice([True, False, None]),
                "launched_at": stamp(paid + timedelta(days=rng.randrange(12))),
                "withdrawn_at": rng.choice([None, stamp(paid + timedelta(days=13))]),
            }
        )


def add_refund(rng, rows, name, order_no, around):
    applied = around + timedelta(hours=rng.choice([-5, 0, 1, 30, 200]))
    status = rng.choice(["success", "success", "closed", "applied"])
    rows["refunds"].append(
        {
            "refund_no": f"r{name}",
            "order_no": order_no,
            "sub_order_no": rng.choice([f"{order_no}-0", f"{order_no}-1", None]),
            "type": rng.choice(["refund_only", "return_refund", "return_refund", "exchange"]),
            "first_reason_code": rng.choice(REASONS),
            "reason_code": rng.choice(REASONS),
            "duty_party": rng.choice([None, None, "卖家责任", "买家责任", "消费者责任"]),
            "refund_amount": rng.randrange(1, 9_000) / 100,
            "status": status,
            "applied_at": stamp(applied),
            "finish_at": None
            if status == "applied"
            else stamp(applied + timedelta(minutes=rng.randrange(9_000))),
        }
    )


def add_conversation(rng, rows, number, started):
    conv_id = f"c{number}"
    rows["conversations"].append(
        {
            "conv_id": conv_id,
            "customer_key": rng.choice([f"u{rng.randrange(80)}"] * 9 + [None]),
            "started_at": stamp(started),
            "reception_type": rng.choice(["robot", "mixed", "human"]),
        }
    )
    now = started
    for line in range(rng.randrange(1, 10)):
        role = rng.choice(
            ["buyer", "buyer", "agent", "agent", "robot_auto", "robot_assist", "system"]
        )
        rows["messages"].append(
            {
                "msg_id": f"m{number}-{line}",
                "conv_id": conv_id,
                "seq": line,
                "sent_at": stamp(now),
                "role": role,
                "agent_id": f"a{rng.randrange(4)}" if role in ("agent", "robot_assist") else None,
                "type": rng.choice(["text"] * 8 + ["card", "image", None]),
                "text": rng.choice(["几时发货", "好的", "谢谢", "嗯", "有货吗", None]),
                "is_auto_reply": rng.choice([False] * 8 + [None, True]),
                "is_recalled": rng.choice([False] * 8 + [None, True]),
            }
        )
        now += timedelta(seconds=rng.choice([1, 30, 31, 179, 180, 181, 599, 600, 601, 3000]))
    for rating in range(rng.choice([0, 1, 1, 2])):
        rows["session_ratings"].append(
            {
                "rating_id": f"g{number}-{rating}",
                "conv_id": conv_id,
                "subject": rng.choice(["chat", "robot", "aftersale", None]),
                "level": rng.choice(["很满意", "满意", "一般", "不满意", "很不满意", None]),
                "rated_at": rng.choice([None, stamp(now + timedelta(minutes=rng.randrange(90)))]),
                "is_cheating": rng.choice([False] * 9 + [True]),
            }
        )


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
