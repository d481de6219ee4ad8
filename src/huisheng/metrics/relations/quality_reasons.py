"""品质类原因: which refund reasons are about quality, per shop."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof
from huisheng.metrics.relations.first_refunds import shipped_reasons


def build(facts: Facts) -> ibis.Table:
    """Return shop_id, code, is_quality: a shop's own list wins over the shipped one."""
    own = facts.table("refund_reasons").select("shop_id", "code", "is_quality")
    shops = facts.table("refunds").select("shop_id").distinct()
    shipped = shops.cross_join(ibis.memtable(shipped_reasons()))
    shipped = shipped.anti_join(own, ["shop_id", "code"])
    return own.union(shipped.select("shop_id", "code", "is_quality")).filter(lambda t: t.is_quality)


RELATION = Relation(
    label="品质类原因",
    build=build,
    proofs=(
        RelationProof(
            name="a shop without refunds has its own list alone",
            rows={
                "refund_reasons": (
                    {"code": "少件", "is_quality": True},
                    {"code": "质量问题", "is_quality": False},
                )
            },
            expect=({"code": "少件"},),
        ),
    ),
)
