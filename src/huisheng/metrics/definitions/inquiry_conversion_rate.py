"""询单转化率: buyers who asked before buying, and then paid within days (S4:44, FM12)."""

from functools import partial

import ibis

from huisheng.metrics.assumption import Assumption
from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import DAY_US, Window

DAYS = Assumption(
    "inquiry_conversion_days",
    "询单后几天内付款算转化（d2 口径）",
    default=2,
    least=0,
    most=30,
    unit=" 天",
    source="S4:44 没有写；平台常用当日起至第二日后（D+2）",
)


def cases_soon(facts: Facts, window: Window) -> ibis.Table:
    """Return the cases that convert within a few days."""
    return cases(facts, window, facts.assumed(DAYS))


def cases(facts: Facts, window: Window, days: int) -> ibis.Table:
    """Return one case per customer and day with a conversation; the day lies in the window.

    It converts when an order is paid from the day's first conversation until the end of local day
    D + `days`.
    """
    inquiries = facts.relation("inquiry_days")
    inquiries = inquiries.filter(window.holds(inquiries.started_at))
    ends = (inquiries.day + days + 1) * DAY_US - facts.offset_us
    orders = facts.relation("paid_orders").select("shop_id", "customer_key", "order_no", "paid_at")
    after = inquiries.left_join(
        orders,
        [
            inquiries.shop_id == orders.shop_id,
            inquiries.customer_key == orders.customer_key,
            orders.paid_at >= inquiries.started_at,
            orders.paid_at < ends,
        ],
    )
    joined = after.group_by(inquiries.columns).aggregate(
        paid_order_no=after.order_no.min(), first_paid_at=after.paid_at.min()
    )
    asks = ~joined.bought_before
    return joined.select(
        "shop_id",
        "conv_id",
        "product_id",
        "agent_id",
        "channel",
        "reception_type",
        case_id=joined.customer_day,
        at=joined.started_at,
        numerator=(asks & joined.first_paid_at.notnull()).cast("int64"),
        denominator=asks.cast("int64"),
        reason=ibis.ifelse(asks, ibis.null("string"), "bought_before"),
        paid_order_no=joined.paid_order_no,
        outcome_at=joined.first_paid_at,
    )


def _talk(customer: str, at: str, conv: str = "") -> dict[str, str]:
    return {"conv_id": conv or f"c-{customer}", "customer_key": customer, "started_at": at}


def _order(customer: str, at: str) -> dict[str, str]:
    return {"order_no": f"o-{customer}-{at}", "customer_key": customer, "paid_at": at}


_BOUNDARIES = (
    ("same_second", "2026-08-01 10:00:00"),
    ("before", "2026-08-01 09:59:59"),
    ("end_of_d2", "2026-08-03 23:59:59"),
    ("start_of_d3", "2026-08-04 00:00:00"),
    ("end_of_d15", "2026-08-16 23:59:59"),
    ("start_of_d16", "2026-08-17 00:00:00"),
)
_ROWS = {
    "conversations": tuple(_talk(name, "2026-08-01 10:00:00") for name, _ in _BOUNDARIES),
    "orders": tuple(_order(name, at) for name, at in _BOUNDARIES),
}

METRIC = Metric(
    label="询单转化率",
    question="下单前来问的人，有多少后来付了款？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    threshold=0.35,
    inputs=("conversations", "orders"),
    assumptions=(DAYS,),
    reasons={"bought_before": "咨询前 15 天内付过款，不算询单"},
    versions=(
        Version(
            "d2",
            "2024-01-01",
            "S4:44、76；W57",
            cases_soon,
            assumption=(
                "按当日起至第二日后（D+2）结束计；小家电决策周期 7–15 天，终值见 15d 版本；"
                "35% 是小家电常见范围的下沿"
            ),
        ),
        Version(
            "15d",
            "2024-01-01",
            "S4:44；FM12",
            partial(cases, days=15),
            assumption="覆盖 7–15 天的决策周期；最近 15 天的询单还可能转化",
        ),
    ),
    proofs=(
        Proof(
            name="from the conversation's second until the end of D+2",
            rows=_ROWS,
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=2,
                denominator=5,
                value=0.4,
                excluded={"bought_before": 1},
                counted={"before|2026-08-01": False, "start_of_d3|2026-08-01": True},
            ),
        ),
        Proof(
            name="FM12: with 15 days an order on day 15 is in, on day 16 out",
            version="15d",
            rows=_ROWS,
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(numerator=4, denominator=5, excluded={"bought_before": 1}),
        ),
        Proof(
            name="two talks a day are one inquiry; 15 days after buying is none; unknown is out",
            rows={
                "conversations": (
                    _talk("a", "2026-08-20 20:00:00", "late"),
                    _talk("a", "2026-08-20 10:00:00", "early"),
                    _talk("a", "2026-08-21 00:00:00", "next_day"),
                    _talk("b", "2026-08-20 10:00:00"),
                    {"conv_id": "nobody", "started_at": "2026-08-20 10:00:00"},
                ),
                "orders": (
                    _order("a", "2026-08-20 12:00:00"),
                    _order("a", "2026-08-20 12:00:01"),
                    _order("b", "2026-08-05 10:00:00"),
                ),
            },
            window=("2026-08-20", "2026-08-21"),
            expect=Expected(
                numerator=1,
                denominator=1,
                excluded={"bought_before": 2},
                counted={"a|2026-08-20": True, "a|2026-08-21": False, "b|2026-08-20": False},
            ),
        ),
    ),
)
