"""订单售后: which kinds of after-sales an order has had, however often."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

KINDS = {
    "has_return": "return_refund",
    "has_exchange": "exchange",
    "has_refund_only": "refund_only",
}


def build(facts: Facts) -> ibis.Table:
    """Return one row per order with refunds.

    Columns: shop_id, order_no, has_return, has_exchange, has_refund_only (any status, any stage),
    when each was first applied for (return_at, exchange_at, refund_only_at), refunded_fen (what
    succeeded).
    """
    refunds = facts.table("refunds")
    refunds = refunds.filter(refunds.order_no.fill_null("") != "")
    flags = {
        name: (refunds.type == kind).fill_null(False).cast("int64").max() > 0
        for name, kind in KINDS.items()
    }
    first = {
        name.replace("has_", "") + "_at": refunds.applied_at.min(where=refunds.type == kind)
        for name, kind in KINDS.items()
    }
    paid_back = (refunds.status == "success").fill_null(False)
    return refunds.group_by("shop_id", "order_no").aggregate(
        **flags, **first, refunded_fen=refunds.refund_amount_fen.sum(where=paid_back).fill_null(0)
    )


RELATION = Relation(
    label="订单售后",
    build=build,
    proofs=(
        RelationProof(
            name="two refunds are one order; what closed pays nothing; '' names no order",
            rows={
                "refunds": (
                    {
                        "refund_no": "1",
                        "order_no": "o",
                        "type": "return_refund",
                        "applied_at": "1970-01-01 08:00:01",
                        "status": "closed",
                        "refund_amount": 5,
                    },
                    {
                        "refund_no": "2",
                        "order_no": "o",
                        "type": "refund_only",
                        "status": "success",
                        "refund_amount": 7.25,
                    },
                    {"refund_no": "3", "order_no": "", "type": "exchange"},
                )
            },
            expect=(
                {
                    "order_no": "o",
                    "has_return": True,
                    "has_exchange": False,
                    "has_refund_only": True,
                    "return_at": 1_000_000,
                    "refund_only_at": None,
                    "refunded_fen": 725,
                },
            ),
        ),
    ),
)
