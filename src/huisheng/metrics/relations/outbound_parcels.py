"""出库包裹: when an order's parcels left, arrived, and with whom."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

SIGNED = 3
"""Tracking state «签收» (domain §3.10)."""


def build(facts: Facts) -> ibis.Table:
    """Return one row per order with an outbound parcel.

    Columns: shop_id, order_no, parcel_shipped_at and signed_at (the first parcel's), carrier and
    warehouse (the alphabetically first where parcels differ).
    """
    parcels = facts.table("shipments")
    outbound = parcels.filter(
        (parcels.direction.fill_null("out") == "out") & (parcels.order_no != "")
    )
    events = facts.table("shipment_events")
    scanned = (
        events.filter(events.state == SIGNED)
        .group_by("shop_id", "tracking_no")
        .aggregate(scanned_at=events.time.min())
    )
    joined = outbound.left_join(scanned, ["shop_id", "tracking_no"])
    joined = joined.mutate(arrived_at=joined.signed_at.coalesce(joined.scanned_at))
    return joined.group_by("shop_id", "order_no").aggregate(
        parcel_shipped_at=joined.shipped_at.min(),
        signed_at=joined.arrived_at.min(),
        carrier=joined.carrier.min(),
        warehouse=joined.warehouse.min(),
    )


RELATION = Relation(
    label="出库包裹",
    build=build,
    proofs=(
        RelationProof(
            name="a tracking event signs for a parcel, a return parcel does not",
            rows={
                "shipments": (
                    {"tracking_no": "t1", "order_no": "1", "direction": "out", "carrier": "中通"},
                    {
                        "tracking_no": "t2",
                        "order_no": "2",
                        "direction": "return",
                        "signed_at": "2026-08-05 10:00:00",
                    },
                ),
                "shipment_events": (
                    {"tracking_no": "t1", "seq": 1, "time": "2026-08-04 10:00:00", "state": 0},
                    {"tracking_no": "t1", "seq": 2, "time": "2026-08-05 10:00:00", "state": 3},
                ),
            },
            expect=({"order_no": "1", "carrier": "中通", "signed_at": 1785895200000000},),
        ),
    ),
)
