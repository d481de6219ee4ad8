"""退仓: which items came back into the warehouse."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof

WHOLE_ORDER = ""


def build(facts: Facts) -> ibis.Table:
    """Return distinct shop_id, order_no, sub_order_no of what was received back.

    An item came back when the return of a refund naming it was signed for, by the refund's own
    time or by its return parcel's. The whole order («» as sub_order_no) came back when such a
    refund names no item, when a return parcel that no refund names was signed for, or when the
    outbound parcel was refused and returned.
    """
    refunds = facts.table("refunds")
    refunds = refunds.select(
        "shop_id",
        "order_no",
        "return_signed_at",
        sub_order_no=refunds.sub_order_no.fill_null(WHOLE_ORDER),
        tracking_no=refunds.return_tracking_no.nullif(""),
    )
    parcels = facts.table("shipments")
    back = parcels.filter((parcels.direction == "return") & parcels.signed_at.notnull())
    signed = back.select("shop_id", "tracking_no").distinct().mutate(signed=ibis.literal(True))
    joined = refunds.left_join(signed, ["shop_id", "tracking_no"])
    by_refund = joined.filter(
        joined.return_signed_at.notnull() | joined.signed.fill_null(False)
    ).select("shop_id", "order_no", "sub_order_no")
    unnamed = back.anti_join(
        refunds.filter(refunds.tracking_no.notnull()), ["shop_id", "tracking_no"]
    )
    refused = parcels.filter(
        (parcels.direction.fill_null("out") == "out") & parcels.returned_at.notnull()
    )
    whole = unnamed.select("shop_id", "order_no").union(refused.select("shop_id", "order_no"))
    whole = whole.mutate(sub_order_no=ibis.literal(WHOLE_ORDER))
    both = by_refund.union(whole)
    return both.filter(both.order_no.fill_null("") != "").distinct()


_AT = "2026-08-09 10:00:00"


def _parcel(tracking_no: str, order_no: str, **cells: str) -> dict[str, str]:
    return {"tracking_no": tracking_no, "order_no": order_no, **cells}


RELATION = Relation(
    label="退仓",
    build=build,
    proofs=(
        RelationProof(
            name="signed returns and refused parcels came back; an unsigned return did not",
            rows={
                "refunds": (
                    {
                        "refund_no": "1",
                        "order_no": "a",
                        "sub_order_no": "a1",
                        "return_tracking_no": "t1",
                    },
                    {
                        "refund_no": "2",
                        "order_no": "b",
                        "sub_order_no": "b1",
                        "return_signed_at": _AT,
                    },
                    {
                        "refund_no": "3",
                        "order_no": "c",
                        "sub_order_no": "c1",
                        "return_tracking_no": "t3",
                    },
                ),
                "shipments": (
                    _parcel("t1", "a", direction="return", signed_at=_AT),
                    _parcel("t3", "c", direction="return"),
                    _parcel("t4", "d", direction="return", signed_at=_AT),
                    _parcel("t5", "e", direction="out", returned_at=_AT),
                    _parcel("t6", "e", direction="out", returned_at=_AT),
                    _parcel("t7", "f", direction="out", signed_at=_AT),
                ),
            },
            expect=(
                {"order_no": "a", "sub_order_no": "a1"},
                {"order_no": "b", "sub_order_no": "b1"},
                {"order_no": "d", "sub_order_no": ""},
                {"order_no": "e", "sub_order_no": ""},
            ),
        ),
    ),
)
