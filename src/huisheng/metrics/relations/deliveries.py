"""订单发货: when the paid orders shipped and arrived."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return one row per paid order.

    Columns: those of `paid_orders`; shipped_at (the order's, else its first outbound parcel's) and
    signed_at (its first outbound parcel's, from the parcel or its tracking events).
    """
    paid = facts.relation("paid_orders")
    parcels = facts.relation("outbound_parcels")
    joined = paid.left_join(parcels, ["shop_id", "order_no"])
    return joined.select(
        *[name for name in paid.columns if name != "order_shipped_at"],
        shipped_at=joined.order_shipped_at.coalesce(joined.parcel_shipped_at),
        signed_at=joined.signed_at,
    )


RELATION = Relation(
    label="订单发货",
    build=build,
    proofs=(
        RelationProof(
            name="two parcels do not double an order",
            rows={
                "orders": (
                    {"order_no": "1", "paid_at": "2026-08-01 10:00:00", "status": "交易关闭"},
                    {"order_no": "2", "created_at": "2026-08-01 10:00:00"},
                ),
                "shipments": (
                    {
                        "tracking_no": "t1",
                        "order_no": "1",
                        "direction": "out",
                        "shipped_at": "2026-08-02 10:00:00",
                        "signed_at": "2026-08-05 10:00:00",
                    },
                    {
                        "tracking_no": "t2",
                        "order_no": "1",
                        "direction": "out",
                        "shipped_at": "2026-08-03 10:00:00",
                        "signed_at": "2026-08-04 10:00:00",
                    },
                ),
            },
            expect=(
                {"order_no": "1", "shipped_at": 1785636000000000, "signed_at": 1785808800000000},
            ),
        ),
    ),
)
