"""付款商品行: item rows of paid orders, gifts left out, with when their order shipped."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return shop_id, sub_order_no, order_no, product_id, sku_id, paid_at, shipped_at."""
    items = facts.table("order_items")
    items = items.filter(~items.is_gift.fill_null(False))
    orders = facts.relation("deliveries").select("shop_id", "order_no", "paid_at", "shipped_at")
    joined = items.inner_join(orders, ["shop_id", "order_no"])
    return joined.select(
        "shop_id", "sub_order_no", "order_no", "product_id", "sku_id", "paid_at", "shipped_at"
    )


RELATION = Relation(
    label="付款商品行",
    build=build,
    proofs=(
        RelationProof(
            name="a gift and an unpaid order's item are out",
            rows={
                "orders": (
                    {"order_no": "o", "paid_at": "2026-08-01 10:00:00"},
                    {"order_no": "u", "created_at": "2026-08-01 10:00:00"},
                ),
                "order_items": (
                    {"sub_order_no": "1", "order_no": "o", "product_id": "p", "qty": 3},
                    {"sub_order_no": "2", "order_no": "o", "is_gift": True},
                    {"sub_order_no": "3", "order_no": "u"},
                ),
            },
            expect=({"sub_order_no": "1", "product_id": "p", "shipped_at": None},),
        ),
    ),
)
