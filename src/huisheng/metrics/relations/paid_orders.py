"""付款订单: orders that were paid, later cancelled ones included, with when they shipped."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return one row per paid order.

    Columns: shop_id, order_no, customer_key, paid_at, pay_amount_fen, shipped_at (the order's, else
    its first outbound parcel's) and signed_at (its first outbound parcel's, from the parcel or its
    tracking events).
    """
    orders = facts.table("orders")
    paid = orders.filter(orders.paid_at.notnull()).select(
        "shop_id", "order_no", "customer_key", "paid_at", "pay_amount_fen", "shipped_at"
    )
    parcels = facts.relation("outbound_parcels")
    joined = paid.left_join(parcels, ["shop_id", "order_no"])
    return joined.select(
        "shop_id",
        "order_no",
        "customer_key",
        "paid_at",
        "pay_amount_fen",
        shipped_at=joined.shipped_at.coalesce(joined.parcel_shipped_at),
        signed_at=joined.signed_at,
    )


RELATION = Relation(
    label="付款订单",
    build=build,
    proofs=(
        RelationProof(
            name="unpaid orders are out, two parcels do not double an order",
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
