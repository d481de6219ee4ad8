"""商品问题率: product-problem tickets per shipped item row (S1:86)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per product-problem ticket created and per item row shipped in the window."""
    tickets = facts.table("tickets")
    tickets = tickets.filter((tickets.type == "product_issue") & window.holds(tickets.created_at))
    items = facts.table("order_items").select(
        "shop_id", "sub_order_no", "sku_id", item_product="product_id"
    )
    tickets = tickets.left_join(items, ["shop_id", "sub_order_no"])
    raised = tickets.select(
        "shop_id",
        "order_no",
        product_id=tickets.product_id.nullif("").coalesce(tickets.item_product),
        sku_id=tickets.sku_id,
        case_id=tickets.ticket_no,
        at=tickets.created_at,
        numerator=ibis.literal(1, "int64"),
        denominator=ibis.literal(0, "int64"),
        reason=ibis.null("string"),
        batch_no=tickets.batch_no,
    )
    shipped = facts.relation("paid_items")
    shipped = shipped.filter(window.holds(shipped.shipped_at))
    exposed = shipped.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        case_id=shipped.sub_order_no,
        at=shipped.shipped_at,
        numerator=ibis.literal(0, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        batch_no=ibis.null("string"),
    )
    return raised.union(exposed)


_AT = "2026-08-15 12:00:00"

METRIC = Metric(
    label="商品问题率",
    question="每发出一百行商品，有几张商品问题工单？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("tickets", "orders", "order_items", "shipments"),
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S1:86",
            cases,
            assumption="工单按创建时间，分母按发货时间，赠品不计；工单可能来自更早发出的商品",
        ),
    ),
    proofs=(
        Proof(
            name="tickets by creation over item rows by dispatch; other tickets and gifts are out",
            rows={
                "orders": (
                    {"order_no": "a", "paid_at": "2026-07-30 12:00:00", "shipped_at": _AT},
                    {"order_no": "b", "paid_at": _AT, "shipped_at": "2026-08-31 00:00:00"},
                ),
                "order_items": (
                    *({"sub_order_no": f"a{n}", "order_no": "a"} for n in range(4)),
                    {"sub_order_no": "a9", "order_no": "a", "is_gift": True},
                    {"sub_order_no": "b0", "order_no": "b"},
                ),
                "tickets": (
                    {"ticket_no": "t1", "type": "product_issue", "created_at": _AT},
                    {"ticket_no": "t2", "type": "exchange", "created_at": _AT},
                    {
                        "ticket_no": "t3",
                        "type": "product_issue",
                        "created_at": "2026-07-31 23:59:59",
                    },
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1, denominator=4, value=0.25, counted={"t1": True, "a0": False}
            ),
        ),
    ),
)
