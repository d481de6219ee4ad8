"""售后单: every refund with its item, its current reason and when and how it finished."""

import ibis

from huisheng.metrics.facts import Facts, Relation, RelationProof


def build(facts: Facts) -> ibis.Table:
    """Return one row per refund, exchange, repair or resend applied for.

    Columns: shop_id, refund_no, order_no, sub_order_no, product_id and sku_id (of the item named,
    else of the order's only product), type, refund_reason (current), is_quality (current reason),
    status, refund_amount_fen, finished_by, platform_intervened (false where not recorded), and the
    instants applied_at, agreed_at, rejected_at, return_signed_at, finished_at (finish, else
    success, else close); succeeded (by status, else by which instant there is).
    """
    refunds = facts.table("refunds")
    refunds = refunds.mutate(
        sub_order_no=refunds.sub_order_no.nullif(""),
        succeeded=ibis.cases(
            (refunds.status == "success", True),
            (refunds.status == "closed", False),
            else_=refunds.success_at.notnull(),
        ),
        finished_at=refunds.finish_at.coalesce(refunds.success_at, refunds.closed_at),
    )
    quality = facts.relation("quality_reasons").select(
        "shop_id", reason_code="code", quality="is_quality"
    )
    known = refunds.left_join(quality, ["shop_id", "reason_code"]).drop(
        "shop_id_right", "reason_code_right"
    )
    named, only = _items(facts)
    joined = known.left_join(named, ["shop_id", "sub_order_no"]).drop(
        "shop_id_right", "sub_order_no_right"
    )
    joined = joined.left_join(only, ["shop_id", "order_no"])
    return joined.select(
        "shop_id",
        "refund_no",
        "order_no",
        "sub_order_no",
        "type",
        "status",
        "succeeded",
        "refund_amount_fen",
        "finished_by",
        "applied_at",
        "agreed_at",
        "rejected_at",
        "return_signed_at",
        "finish_at",
        "finished_at",
        product_id=joined.product_id.coalesce(joined.only_product),
        sku_id=joined.sku_id.coalesce(joined.only_sku),
        refund_reason=joined.reason_code,
        is_quality=joined.quality.fill_null(False),
        platform_intervened=joined.platform_intervened.fill_null(False)
        | (joined.finished_by == "platform").fill_null(False),
    )


def _items(facts: Facts) -> tuple[ibis.Table, ibis.Table]:
    """Return the items by sub-order, and the product of every order that has only one."""
    items = facts.table("order_items")
    named = items.select("shop_id", "sub_order_no", "product_id", "sku_id")
    orders = items.group_by("shop_id", "order_no").aggregate(
        only_product=items.product_id.min(),
        last_product=items.product_id.max(),
        only_sku=items.sku_id.min(),
        last_sku=items.sku_id.max(),
    )
    same_sku = orders.only_sku == orders.last_sku
    only = orders.filter(orders.only_product == orders.last_product).select(
        "shop_id",
        "order_no",
        "only_product",
        only_sku=ibis.ifelse(same_sku, orders.only_sku, ibis.null("string")),
    )
    return named, only


_AT = "2026-08-01 10:00:00"

RELATION = Relation(
    label="售后单",
    build=build,
    proofs=(
        RelationProof(
            name="the item named, else the order's only product; the current reason; the finish",
            rows={
                "order_items": (
                    {"sub_order_no": "s1", "order_no": "o1", "product_id": "p1", "sku_id": "k1"},
                    {"sub_order_no": "s2", "order_no": "o1", "product_id": "p2", "sku_id": "k2"},
                    {"sub_order_no": "s3", "order_no": "o2", "product_id": "p3", "sku_id": "k3"},
                    {"sub_order_no": "s4", "order_no": "o2", "product_id": "p3", "sku_id": "k4"},
                ),
                "refunds": (
                    {
                        "refund_no": "r1",
                        "order_no": "o1",
                        "sub_order_no": "s2",
                        "reason_code": "质量问题",
                        "status": "success",
                        "success_at": _AT,
                    },
                    {"refund_no": "r2", "order_no": "o1", "sub_order_no": "", "closed_at": _AT},
                    {
                        "refund_no": "r3",
                        "order_no": "o2",
                        "reason_code": "不想要了",
                        "finished_by": "platform",
                    },
                ),
            },
            expect=(
                {
                    "refund_no": "r1",
                    "product_id": "p2",
                    "sku_id": "k2",
                    "is_quality": True,
                    "succeeded": True,
                    "finished_at": 1785549600000000,
                    "platform_intervened": False,
                },
                {"refund_no": "r2", "product_id": None, "succeeded": False, "is_quality": False},
                {
                    "refund_no": "r3",
                    "product_id": "p3",
                    "sku_id": None,
                    "finished_at": None,
                    "platform_intervened": True,
                },
            ),
        ),
    ),
)
