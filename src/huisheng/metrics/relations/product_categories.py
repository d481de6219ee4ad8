"""商品类目: the last part of each product's category path."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

SEPARATORS = r"^.*[>/＞|]\s*"


def build(facts: Facts) -> ibis.Table:
    """Return shop_id, product_id, category."""
    products = facts.table("products")
    return products.select(
        "shop_id", "product_id", category=products.category.re_replace(SEPARATORS, "").strip()
    )


RELATION = Relation(
    label="商品类目",
    build=build,
    proofs=(
        RelationProof(
            name="a path and a bare name",
            rows={
                "products": (
                    {"product_id": "1", "category": "家电/厨房电器/破壁机"},
                    {"product_id": "2", "category": "连衣裙"},
                )
            },
            expect=(
                {"product_id": "1", "category": "破壁机"},
                {"product_id": "2", "category": "连衣裙"},
            ),
        ),
    ),
)
