"""A made-up shop-month, the same for one seed, whose rows lie on the edges that rules turn on."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

SEED, ORDERS, CONVERSATIONS = 20261122, 300, 400
REASONS = ["质量问题", "少件", "功能故障", "不想要了", "七天无理由"]


def stamp(moment):
    return None if moment is None else moment.isoformat(" ", "seconds")


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
