"""退货率: paid item rows that were to be returned for a refund (S4:75–76, FM9, conventions 6)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per item row, gifts left out, of orders paid in the window."""
    items = facts.relation("paid_items")
    items = items.filter(window.holds(items.paid_at))
    refunds = facts.table("refunds")
    returns = refunds.filter(refunds.type == "return_refund")
    by_item = returns.group_by("shop_id", "sub_order_no").aggregate(
        returned=ibis.literal(True), outcome_at=returns.applied_at.min()
    )
    unnamed = returns.filter(returns.sub_order_no.fill_null("") == "")
    unnamed = unnamed.select("shop_id", "order_no").distinct().mutate(unnamed=ibis.literal(True))
    joined = items.left_join(by_item, ["shop_id", "sub_order_no"]).drop(
        "shop_id_right", "sub_order_no_right"
    )
    joined = joined.left_join(unnamed, ["shop_id", "order_no"])
    returned = joined.returned.fill_null(False)
    return joined.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        case_id=joined.sub_order_no,
        at=joined.paid_at,
        numerator=returned.cast("int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.ifelse(
            ~returned & joined.unnamed.fill_null(False),
            "return_names_no_item",
            ibis.null("string"),
        ),
        outcome_at=joined.outcome_at,
    )


_PAID = "2026-08-03 10:00:00"


def _item(number: int, order_no: str, **cells: str | int | bool) -> dict[str, str | int | bool]:
    return {"sub_order_no": f"s{number}", "order_no": order_no, "product_id": "p", **cells}


def _refund(refund_no: str, sub_order_no: str | None, kind: str) -> dict[str, str | None]:
    return {
        "refund_no": refund_no,
        "order_no": "o0",
        "sub_order_no": sub_order_no,
        "type": kind,
        "status": "closed",
    }


METRIC = Metric(
    label="退货率",
    question="卖出的商品行里，有多少要退货退款？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    threshold=0.09,
    inputs=("orders", "order_items", "refunds"),
    reasons={"return_names_no_item": "退货退款没有写子订单号，无法归到商品行"},
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S4:75–76；FM9",
            cases,
            assumption="来源只有名称与小家电 5–9% 的常见范围：按商品行计，不按件数；赠品不计",
        ),
    ),
    proofs=(
        Proof(
            name="FM9: rows, not quantities; each row once; gifts and other kinds are out",
            rows={
                "orders": (
                    {"order_no": "o0", "paid_at": _PAID},
                    {"order_no": "o1", "paid_at": "2026-08-31 00:00:00"},
                ),
                "order_items": (
                    _item(0, "o0", qty=5),
                    _item(1, "o0"),
                    _item(2, "o0"),
                    _item(3, "o0"),
                    _item(4, "o0", is_gift=True),
                    _item(5, "o1"),
                ),
                "refunds": (
                    _refund("1", "s0", "return_refund"),
                    _refund("2", "s0", "return_refund"),
                    _refund("3", "s1", "refund_only"),
                    _refund("4", "s2", "exchange"),
                    _refund("5", "s4", "return_refund"),
                    _refund("6", "s5", "return_refund"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1,
                denominator=4,
                value=0.25,
                excluded={},
                counted={"s0": True, "s1": False, "s2": False},
            ),
        ),
        Proof(
            name="a return that names no item counts for none, and says so",
            rows={
                "orders": ({"order_no": "o0", "paid_at": _PAID},),
                "order_items": (_item(0, "o0"), _item(1, "o0")),
                "refunds": (_refund("1", None, "return_refund"),),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=0, denominator=2, excluded={"return_names_no_item": 2}),
        ),
    ),
)
