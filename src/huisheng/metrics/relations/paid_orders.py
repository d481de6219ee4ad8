"""付款订单: orders that were paid, later cancelled ones included."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return one row per paid order.

    Columns: shop_id, order_no, customer_key, paid_at, pay_amount_fen, order_shipped_at (as the
    order itself says; `deliveries` knows the parcels).
    """
    orders = facts.table("orders")
    return orders.filter(orders.paid_at.notnull()).select(
        "shop_id",
        "order_no",
        "customer_key",
        "paid_at",
        "pay_amount_fen",
        order_shipped_at=orders.shipped_at,
    )


RELATION = Relation(
    label="付款订单",
    build=build,
    proofs=(
        RelationProof(
            name="unpaid orders are out, one that was closed later is in",
            rows={
                "orders": (
                    {
                        "order_no": "1",
                        "paid_at": "2026-08-01 10:00:00",
                        "pay_amount": "9.90",
                        "status": "交易关闭",
                    },
                    {"order_no": "2", "created_at": "2026-08-01 10:00:00"},
                )
            },
            expect=({"order_no": "1", "pay_amount_fen": 990, "order_shipped_at": None},),
        ),
    ),
)
