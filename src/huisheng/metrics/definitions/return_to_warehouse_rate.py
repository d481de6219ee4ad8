"""退仓率: shipped item rows that came back into the warehouse (S4:75, FM9)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per item row, gifts left out, of orders paid in the window."""
    items = facts.relation("paid_items")
    items = items.filter(window.holds(items.paid_at))
    returns = facts.relation("received_returns")
    named = returns.filter(returns.sub_order_no != "").select("shop_id", "sub_order_no").distinct()
    whole = returns.filter(returns.sub_order_no == "").select("shop_id", "order_no").distinct()
    named = named.mutate(named=ibis.literal(True))
    whole = whole.mutate(whole=ibis.literal(True))
    joined = items.left_join(named, ["shop_id", "sub_order_no"]).drop(
        "shop_id_right", "sub_order_no_right"
    )
    joined = joined.left_join(whole, ["shop_id", "order_no"])
    shipped = joined.shipped_at.notnull()
    back = joined.named.fill_null(False) | joined.whole.fill_null(False)
    return joined.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        case_id=joined.sub_order_no,
        at=joined.paid_at,
        numerator=(shipped & back).cast("int64"),
        denominator=shipped.cast("int64"),
        reason=ibis.ifelse(shipped, ibis.null("string"), "not_shipped"),
        whole_order=joined.whole.fill_null(False),
    )


_PAID = "2026-08-03 10:00:00"
_BACK = "2026-08-12 10:00:00"


def _return(refund_no: str, order_no: str, item: str, **cells: str) -> dict[str, str]:
    return {
        "refund_no": refund_no,
        "order_no": order_no,
        "sub_order_no": item,
        "type": "return_refund",
        **cells,
    }


METRIC = Metric(
    label="退仓率",
    question="发出去的商品行，有多少真的回到了仓库？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("orders", "order_items", "refunds", "shipments"),
    reasons={"not_shipped": "还没有发货"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S4:75；FM9",
            cases,
            assumption="来源只有名称：仓库签收的退货与拒收退回都算，同意而未寄回的不算；赠品不计",
        ),
    ),
    proofs=(
        Proof(
            name="FM9: received, not merely agreed; a refused parcel brings the whole order back",
            rows={
                "orders": (
                    *(
                        {"order_no": order_no, "paid_at": _PAID, "shipped_at": _PAID}
                        for order_no in ("a", "b")
                    ),
                    {"order_no": "c", "paid_at": _PAID},
                ),
                "order_items": tuple(
                    {"sub_order_no": item, "order_no": item[0], "is_gift": item == "b3"}
                    for item in ("a1", "a2", "a3", "b1", "b2", "b3", "c1")
                ),
                "refunds": (
                    _return("1", "a", "a1", return_signed_at=_BACK),
                    _return("2", "a", "a1", return_tracking_no="t1"),
                    _return("3", "a", "a2", agreed_at=_BACK),
                    _return("4", "c", "c1", return_signed_at=_BACK),
                ),
                "shipments": (
                    {
                        "tracking_no": "t1",
                        "order_no": "a",
                        "direction": "return",
                        "signed_at": _BACK,
                    },
                    {
                        "tracking_no": "t2",
                        "order_no": "b",
                        "direction": "out",
                        "returned_at": _BACK,
                    },
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=5,
                value=0.6,
                excluded={"not_shipped": 1},
                counted={"a1": True, "a2": False, "b1": True, "b2": True, "c1": False},
            ),
        ),
    ),
)
