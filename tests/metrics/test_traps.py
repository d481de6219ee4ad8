"""The classic ways to count wrong, each drawn as the rows it takes to fall into it."""

import pytest

from huisheng import metrics
from tests.worlds import facts_of, window_of

AUGUST = window_of("2026-08-01", "2026-08-30")
PAID = "2026-08-03 10:00:00"
LATER = "2026-08-09 10:00:00"


def value(rows, metric_id, window=AUGUST, by=None):
    found = metrics.query(facts_of(rows), metric_id, window, by=by)
    assert len(found) == 1 or by
    return found if by else found[0]


def share(rows, metric_id, window=AUGUST):
    found = value(rows, metric_id, window)
    return found.numerator, found.denominator


FAN_OUT = {
    "orders": ({"order_no": "o", "paid_at": PAID, "pay_amount": 100, "customer_key": "k"},),
    "order_items": tuple(
        {"sub_order_no": f"s{n}", "order_no": "o", "product_id": f"p{n}"} for n in range(3)
    ),
    "shipments": tuple(
        {
            "tracking_no": f"t{n}",
            "order_no": "o",
            "carrier": f"快递{n}",
            "shipped_at": PAID,
            "picked_at": PAID,
            "signed_at": LATER,
        }
        for n in range(2)
    ),
    "refunds": tuple(
        {
            "refund_no": f"r{n}",
            "order_no": "o",
            "sub_order_no": "s0",
            "type": "return_refund",
            "first_reason_code": "质量问题",
            "reason_code": "质量问题",
            "status": "success",
            "refund_amount": 20,
            "applied_at": LATER,
            "finish_at": LATER,
        }
        for n in range(2)
    ),
}


@pytest.mark.parametrize(
    ("metric_id", "expected"),
    [
        ("first_quality_refund_rate", (1, 1)),
        ("return_exchange_rate", (1, 1)),
        ("exchange_rate", (0, 1)),
        ("return_rate", (1, 3)),
        ("refund_only_rate", (0, 1)),
        ("refund_amount", (40, 2)),
        ("refund_amount_rate", (4000, 10000)),
        ("quality_refund_rate", (2, 3)),
        ("refund_demand_quality_share", (2, 2)),
        ("pickup_48h_rate", (1, 1)),
        ("delivery_hours", (144, 1)),
        ("gmv", (100, 1)),
        ("repurchase_rate", (0, 1)),
        ("platform_help_rate", (0, 1)),
        ("pdd_help_rate", (0, 1)),
    ],
)
def test_joins_do_not_fan_out(metric_id, expected):
    """One order is one order, however many rows hang on it.

    orders  order_items  shipments  refunds
    o       s0 s1 s2     t0 t1      r0 r1 (both of s0)
    → 1     3            2          2          a plain join: 1 × 3 × 2 × 2 = 12 rows
    """
    assert share(FAN_OUT, metric_id) == expected


def test_an_order_stands_in_every_product_it_holds_but_once_in_each_carrier():
    """o holds p0, p1, p2 and came in two parcels by two carriers.

    by product: p0 1/1, p1 1/1, p2 1/1 (orders containing the product)
    by carrier: the first name alone, so that parts add up
    """
    products = value(FAN_OUT, "return_exchange_rate", by="product_id")
    assert [(v.group, v.numerator, v.denominator) for v in products] == [
        ("p0", 1, 1),
        ("p1", 1, 1),
        ("p2", 1, 1),
    ]
    carriers = value(FAN_OUT, "return_exchange_rate", by="carrier")
    assert [(v.group, v.denominator) for v in carriers] == [("快递0", 1)]


def test_an_item_stands_in_its_own_product_alone():
    """s0 of p0 came back; p1 and p2 of the same order did not.

    item  product  returned
    s0    p0       yes        → p0 1/1
    s1    p1       no         → p1 0/1
    s2    p2       no         → p2 0/1
    """
    found = value(FAN_OUT, "return_rate", by="product_id")
    assert [(v.group, v.numerator, v.denominator) for v in found] == [
        ("p0", 1, 1),
        ("p1", 0, 1),
        ("p2", 0, 1),
    ]


def test_a_refund_is_not_paid_twice():
    """The same money, seen as two records of one order, counts as often as it was paid.

    refund  status   amount  finish
    a       success  20.00   08-09    ✓ 20
    b       success  20.00   08-09    ✓ 20
    c       closed   20.00   08-09    –
    d       applied  20.00   –        –
    """
    rows = {
        "orders": FAN_OUT["orders"],
        "refunds": tuple(
            {
                "refund_no": name,
                "order_no": "o",
                "type": "refund_only",
                "status": status,
                "refund_amount": 20,
                "finish_at": finish,
            }
            for name, status, finish in (
                ("a", "success", LATER),
                ("b", "success", LATER),
                ("c", "closed", LATER),
                ("d", "applied", None),
            )
        ),
    }
    assert share(rows, "refund_amount") == (40, 2)
    assert share(rows, "refund_amount_rate") == (4000, 10000)
    assert share(rows, "refund_only_rate") == (1, 1)


def test_three_return_rates_have_three_numerators():
    """FM9: asked to return, asked to return or exchange, received back.

    order  item  request         back in the warehouse
    a      a1    return_refund   yes
    b      b1    return_refund   no
    c      c1    exchange        no
    d      d1    –               refused at the door
    """
    orders = tuple({"order_no": o, "paid_at": PAID, "shipped_at": PAID} for o in "abcd")
    rows = {
        "orders": orders,
        "order_items": tuple({"sub_order_no": f"{o}1", "order_no": o} for o in "abcd"),
        "refunds": (
            {
                "refund_no": "1",
                "order_no": "a",
                "sub_order_no": "a1",
                "type": "return_refund",
                "return_signed_at": LATER,
            },
            {"refund_no": "2", "order_no": "b", "sub_order_no": "b1", "type": "return_refund"},
            {"refund_no": "3", "order_no": "c", "sub_order_no": "c1", "type": "exchange"},
        ),
        "shipments": ({"tracking_no": "t", "order_no": "d", "returned_at": LATER},),
    }
    assert share(rows, "return_rate") == (2, 4)
    assert share(rows, "return_exchange_rate") == (3, 4)
    assert share(rows, "return_to_warehouse_rate") == (2, 4)


@pytest.mark.parametrize("metric_id", metrics.all_metrics())
def test_an_empty_denominator_is_no_value(metric_id):
    """A shop that opened today: rows exist, nothing of them lies in the window.

    orders  messages  reviews  …   window
    09-30   09-30     09-30        08-01 – 08-30   → null, never 0, never 100 %
    """
    at = "2026-09-30 10:00:00"
    rows = {
        "orders": ({"order_no": "o", "created_at": at, "paid_at": at, "customer_key": "k"},),
        "messages": ({"msg_id": "m", "conv_id": "c", "sent_at": at, "role": "buyer"},),
        "reviews": ({"review_no": "r", "created_at": at, "score_product": 5},),
        "session_ratings": ({"rating_id": "g", "level": "满意", "rated_at": at},),
        "tickets": ({"ticket_no": "k", "type": "complaint", "created_at": at},),
    }
    found = value(rows, metric_id)
    assert (found.value, found.denominator, found.quality) == (None, 0, "no_data")


def chat(*lines):
    return tuple(
        {"msg_id": f"m{n:02}", "conv_id": conv, "sent_at": at, "role": role, "agent_id": agent}
        for n, (conv, at, role, agent) in enumerate(lines)
    )


def test_a_session_across_midnight_falls_apart_by_what_is_counted():
    """One talk, two local days; UTC has its midnight at 08:00, which must not matter.

    08-01 22:59:50  buyer     round 1, in hours  → 20 s
    08-01 23:00:10  agent x
    08-01 23:59:50  buyer     round 2, out of hours
    08-02 00:00:10  agent x
    08-02 08:00:00  buyer     round 3, of 08-02  → 30 s
    08-02 08:00:30  agent x
    """
    rows = {
        "conversations": (
            {"conv_id": "c", "customer_key": "k", "started_at": "2026-08-01 22:59:50"},
        ),
        "messages": chat(
            ("c", "2026-08-01 22:59:50", "buyer", None),
            ("c", "2026-08-01 23:00:10", "agent", "x"),
            ("c", "2026-08-01 23:59:50", "buyer", None),
            ("c", "2026-08-02 00:00:10", "agent", "x"),
            ("c", "2026-08-02 08:00:00", "buyer", None),
            ("c", "2026-08-02 08:00:30", "agent", "x"),
        ),
    }
    first, second = (window_of(day, day) for day in ("2026-08-01", "2026-08-02"))
    assert share(rows, "ww_avg_human_resp_sec", first) == (20, 1)
    assert share(rows, "ww_avg_human_resp_sec", second) == (30, 1)
    assert share(rows, "first_resp_sec", first) == (20, 1)
    assert share(rows, "first_resp_sec", second) == (0, 0)
    assert share(rows, "consult_customers", first) == (1, 1)
    assert share(rows, "consult_customers", second) == (1, 1)
    assert share(rows, "received_customers", second) == (1, 1)
    assert share(rows, "hourly_load", first) == (1, 1)
    assert share(rows, "hourly_load", second) == (0, 0)
    by_date = value(rows, "consult_customers", AUGUST, by="date")
    assert [(v.group, v.numerator) for v in by_date] == [("2026-08-01", 1), ("2026-08-02", 1)]


def test_late_rows_change_the_past_only_where_they_belong():
    """Orders of July land in August's file; they stay July's.

    order  paid         landed   July   August
    a      07-31 23:59  08-05    ✓
    b      08-01 00:00  08-05           ✓
    r of a, applied 09-20                FM3 of July, whenever it comes
    """
    july = window_of("2026-07-02", "2026-07-31")
    on_time = {"orders": ({"order_no": "b", "paid_at": "2026-08-01 00:00:00"},)}
    late = {
        "orders": (*on_time["orders"], {"order_no": "a", "paid_at": "2026-07-31 23:59:59"}),
        "shipments": ({"tracking_no": "t", "order_no": "a", "signed_at": "2026-08-06 10:00:00"},),
        "refunds": (
            {
                "refund_no": "r",
                "order_no": "a",
                "type": "refund_only",
                "first_reason_code": "质量问题",
                "applied_at": "2026-09-20 10:00:00",
            },
        ),
    }
    assert share(on_time, "first_quality_refund_rate", july) == (0, 0)
    assert share(late, "first_quality_refund_rate", july) == (1, 1)
    assert share(late, "first_quality_refund_rate") == share(on_time, "first_quality_refund_rate")
    assert share(late, "gmv") == share(on_time, "gmv")


def test_bot_and_human_in_one_talk_are_told_apart():
    """The robot closes its own round, assists in another, and the human has the third.

    09:00:00 buyer → 09:00:02 robot_auto      no human metric
    09:01:00 buyer → 09:01:40 robot_assist    40 s, human
    09:05:00 buyer → 09:05:50 agent           50 s, human
    09:06:00 buyer → –                        a miss: 600 s
    """
    rows = {
        "messages": chat(
            ("c", "2026-08-01 09:00:00", "buyer", None),
            ("c", "2026-08-01 09:00:02", "robot_auto", "bot"),
            ("c", "2026-08-01 09:01:00", "buyer", None),
            ("c", "2026-08-01 09:01:40", "robot_assist", "x"),
            ("c", "2026-08-01 09:05:00", "buyer", None),
            ("c", "2026-08-01 09:05:50", "agent", "y"),
            ("c", "2026-08-01 09:06:00", "buyer", None),
        )
    }
    assert share(rows, "resp_3min_rate") == (2, 3)
    assert share(rows, "ww_avg_human_resp_sec") == (690, 3)
    assert share(rows, "avg_resp_sec") == (90, 2)
    assert share(rows, "first_resp_sec") == (40, 1)
    assert share(rows, "transfer_human_rate") == (1, 1)
    assert share(rows, "received_customers") == (2, 2)
    assert share(rows, "answer_question_ratio") == (2, 4)
    assert share(rows, "unreplied_rate") == (1, 1)
    by_agent = value(rows, "ww_avg_human_resp_sec", by="agent_id")
    # The miss belongs to the agent who was in the talk last.
    served = [(v.group, v.numerator) for v in by_agent if v.denominator]
    assert served == [("x", 40), ("y", 650)]


def test_empty_keys_join_nothing():
    """'' and null mean «none»: rows without a key are not all one order's or one customer's.

    refund  order_no      order  customer
    1       ''            a      ''
    2       null          b      null
    """
    rows = {
        "orders": tuple(
            {"order_no": name, "paid_at": PAID, "shipped_at": PAID, "customer_key": key}
            for name, key in (("a", ""), ("b", None), ("c", ""))
        ),
        "refunds": tuple(
            {
                "refund_no": f"{n}",
                "order_no": order_no,
                "type": "exchange",
                "sub_order_no": order_no,
            }
            for n, order_no in enumerate(("", None))
        ),
        "conversations": (
            {"conv_id": "x", "customer_key": "", "started_at": PAID},
            {"conv_id": "y", "customer_key": "", "started_at": PAID},
        ),
    }
    assert share(rows, "return_exchange_rate") == (0, 3)
    assert share(rows, "repurchase_rate") == (0, 0)
    assert share(rows, "inquiry_customers") == (0, 0)
    assert share(rows, "consult_customers") == (2, 2)


def test_two_shops_with_the_same_numbers_stay_two():
    """Order o exists in both shops; only shop s had it returned.

    shop  order  refund
    s     o      return
    z     o      –
    """
    rows = {
        "orders": tuple(
            {"shop_id": shop, "order_no": "o", "paid_at": PAID, "shipped_at": PAID}
            for shop in ("s", "z")
        ),
        "refunds": ({"shop_id": "s", "refund_no": "r", "order_no": "o", "type": "return_refund"},),
    }
    found = metrics.query(facts_of(rows), "return_exchange_rate", AUGUST)
    assert [(v.shop_id, v.numerator, v.denominator) for v in found] == [("s", 1, 1), ("z", 0, 1)]


@pytest.mark.parametrize(("satisfied", "reached"), [(9499, False), (9500, True)])
def test_the_gold_line_is_compared_unrounded(satisfied, reached):
    """E05: 94.99 % and 95.00 % of 10 000 ratings."""
    rows = {
        "session_ratings": tuple(
            {
                "rating_id": f"{n}",
                "level": "满意" if n < satisfied else "不满意",
                "rated_at": PAID,
            }
            for n in range(10_000)
        )
    }
    threshold = metrics.all_metrics()["ww_satisfaction"].threshold
    assert (value(rows, "ww_satisfaction").value >= threshold) is reached
