"""物流到货时长: from payment until the order's first parcel is signed for (W26)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order whose first parcel was signed for in the window."""
    orders = facts.relation("deliveries")
    orders = orders.filter(window.holds(orders.signed_at))
    inside = (orders.signed_at >= orders.paid_at).cast("int64")
    return orders.select(
        "shop_id",
        "order_no",
        case_id=orders.order_no,
        at=orders.signed_at,
        numerator=inside * (orders.signed_at - orders.paid_at),
        denominator=inside,
        reason=ibis.ifelse(inside > 0, ibis.null("string"), "signed_before_paid"),
        paid_at=orders.paid_at,
    )


def _order(order_no: str, paid: str) -> dict[str, str]:
    return {"order_no": order_no, "paid_at": paid}


def _parcel(tracking_no: str, order_no: str, signed: str, direction: str = "out") -> dict[str, str]:
    return {
        "tracking_no": tracking_no,
        "order_no": order_no,
        "direction": direction,
        "signed_at": signed,
    }


METRIC = Metric(
    label="物流到货时长",
    question="买家从付款到收货，要等多少小时？",
    unit=Unit.HOURS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("orders", "shipments"),
    reasons={"signed_before_paid": "签收早于付款（货到付款）"},
    versions=(Version("2025", "2025-06-01", "W26；G33", cases),),
    proofs=(
        Proof(
            name="by the first parcel signed, each order once; a return parcel delivers nothing",
            rows={
                "orders": (
                    _order("a", "2026-08-01 10:00:00"),
                    _order("b", "2026-08-01 10:00:00"),
                    _order("c", "2026-08-05 10:00:00"),
                    _order("d", "2026-08-01 10:00:00"),
                    _order("e", "2026-08-01 10:00:00"),
                ),
                "shipments": (
                    _parcel("a1", "a", "2026-08-03 10:00:00"),
                    _parcel("a2", "a", "2026-08-06 10:00:00"),
                    _parcel("b1", "b", "2026-08-02 10:00:00"),
                    _parcel("c1", "c", "2026-08-05 09:59:59"),
                    _parcel("d1", "d", "2026-08-09 10:00:00", "return"),
                    _parcel("e1", "e", "2026-08-31 00:00:00"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=72,
                denominator=2,
                value=36,
                excluded={"signed_before_paid": 1},
                counted={"a": True, "c": False},
            ),
        ),
    ),
)
