"""48小时揽收及时率: paid orders whose first parcel the carrier took within 48 h (W10, W12)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import HOUR_US, Window

LIMIT_US = 48 * HOUR_US
PICKED = (1, 0, 5, 3)
"""Tracking states after which a parcel is with the carrier: picked up, moving, delivering, signed
(domain §3.10); sub-states 101 and 102 only announce a pickup."""
ANNOUNCED = (101, 102)


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window, presale and cancelled ones out of scope."""
    orders = facts.table("orders")
    orders = orders.filter(window.holds(orders.paid_at))
    joined = orders.left_join(_pickups(facts), ["shop_id", "order_no"])
    due_at = joined.paid_at + LIMIT_US
    not_picked = joined.picked_at.isnull()
    reason = ibis.cases(
        (joined.is_presale.fill_null(False), "presale"),
        (not_picked & (joined.closed_at <= due_at).fill_null(False), "closed_before_due"),
        (
            not_picked & (joined.shipped_at.notnull() | (joined.parcels > 0)).fill_null(False),
            "no_pickup_scan",
        ),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    in_time = (joined.picked_at <= due_at).fill_null(False)
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=inside * in_time.cast("int64"),
        denominator=inside,
        reason=reason,
        picked_at=joined.picked_at,
        outcome_at=joined.picked_at,
    )


def _pickups(facts: Facts) -> ibis.Table:
    """Return shop_id, order_no, picked_at (of the first parcel picked up) and parcels."""
    events = facts.table("shipment_events")
    announced = events.sub_state.isin(ANNOUNCED).fill_null(False)
    scans = (
        events.filter(events.state.isin(PICKED) & ~announced)
        .group_by("shop_id", "tracking_no")
        .aggregate(scanned_at=events.time.min())
    )
    parcels = facts.table("shipments")
    parcels = parcels.filter(
        (parcels.direction.fill_null("out") == "out") & (parcels.order_no != "")
    )
    joined = parcels.left_join(scans, ["shop_id", "tracking_no"])
    joined = joined.mutate(taken_at=joined.picked_at.coalesce(joined.scanned_at))
    return joined.group_by("shop_id", "order_no").aggregate(
        picked_at=joined.taken_at.min(), parcels=joined.count()
    )


_PAID = "2026-08-03 10:00:00"


def _order(order_no: str, **cells: str | bool) -> dict[str, str | bool]:
    return {"order_no": order_no, "paid_at": _PAID, **cells}


def _parcel(order_no: str, picked: str | None, suffix: str = "") -> dict[str, str | None]:
    return {
        "tracking_no": f"t-{order_no}{suffix}",
        "order_no": order_no,
        "direction": "out",
        "picked_at": picked,
    }


METRIC = Metric(
    label="48小时揽收及时率",
    question="付款后 48 小时内，快递真的揽收了多少订单？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("orders", "shipments", "shipment_events"),
    reasons={
        "presale": "预售订单不考核",
        "closed_before_due": "48 小时内已关闭、未发货",
        "no_pickup_scan": "已发货，但没有揽收记录",
    },
    versions=(
        Version(
            "2025",
            "2025-06-01",
            "W10；W12；G33",
            cases,
            assumption="预售与不需发货的订单不计（来源写明的是抖音规则）；拆单按第一个包裹",
        ),
    ),
    proofs=(
        Proof(
            name="48 h sharp is in time; the first of two parcels; a scan stands for the pickup",
            rows={
                "orders": (
                    _order("sharp"),
                    _order("late"),
                    _order("two"),
                    _order("scan"),
                    _order("announced"),
                    _order("never"),
                    _order("presale", is_presale=True),
                    _order("closed", closed_at="2026-08-05 10:00:00"),
                    _order("closed_late", closed_at="2026-08-05 10:00:01"),
                    _order("shipped", shipped_at="2026-08-04 10:00:00"),
                ),
                "shipments": (
                    _parcel("sharp", "2026-08-05 10:00:00"),
                    _parcel("late", "2026-08-05 10:00:01"),
                    _parcel("two", "2026-08-04 10:00:00", "a"),
                    _parcel("two", "2026-08-09 10:00:00", "b"),
                    _parcel("scan", None),
                    _parcel("announced", None),
                ),
                "shipment_events": (
                    {"tracking_no": "t-scan", "seq": 1, "time": _PAID, "state": 1},
                    {
                        "tracking_no": "t-announced",
                        "seq": 1,
                        "time": _PAID,
                        "state": 1,
                        "sub_state": 101,
                    },
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=6,
                value=0.5,
                excluded={"closed_before_due": 1, "no_pickup_scan": 2, "presale": 1},
                counted={"sharp": True, "presale": False, "closed": False, "closed_late": True},
            ),
        ),
    ),
)
