"""订单含商品: which products, specifications and categories an order holds."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return distinct shop_id, order_no, product_id, sku_id, category (the path's last part)."""
    items = facts.table("order_items").select("shop_id", "order_no", "product_id", "sku_id")
    categories = facts.relation("product_categories")
    joined = items.left_join(categories, ["shop_id", "product_id"])
    return joined.select("shop_id", "order_no", "product_id", "sku_id", "category").distinct()


RELATION = Relation(
    label="订单含商品",
    build=build,
    proofs=(
        RelationProof(
            name="two rows of one product are one",
            rows={
                "order_items": (
                    {"sub_order_no": "1", "order_no": "o", "product_id": "p", "sku_id": "k"},
                    {"sub_order_no": "2", "order_no": "o", "product_id": "p", "sku_id": "k"},
                ),
                "products": ({"product_id": "p", "category": "厨房电器>空气炸锅"},),
            },
            expect=({"order_no": "o", "product_id": "p", "category": "空气炸锅"},),
        ),
    ),
)
