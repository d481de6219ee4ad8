"""品质退款率: the rule that 首次品退率 replaced, by the current reason (S1:75, W26)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

TYPES = ("refund_only", "return_refund")


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per refund applied for and one per item row paid in the window."""
    refunds = facts.relation("refund_cases")
    refunds = refunds.filter(window.holds(refunds.applied_at))
    reason = ibis.cases(
        (~refunds.type.fill_null("refund_only").isin(TYPES), "type_not_assessed"),
        (~refunds.is_quality, "reason_not_quality"),
        else_=ibis.null("string"),
    )
    applied = refunds.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        case_id=refunds.refund_no,
        at=refunds.applied_at,
        numerator=reason.isnull().cast("int64"),
        denominator=ibis.literal(0, "int64"),
        reason=reason,
        refund_reason=refunds.refund_reason,
    )
    items = facts.relation("paid_items")
    items = items.filter(window.holds(items.paid_at))
    exposed = items.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        case_id=items.sub_order_no,
        at=items.paid_at,
        numerator=ibis.literal(0, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        refund_reason=ibis.null("string"),
    )
    return applied.union(exposed)


_AT = "2026-08-15 10:00:00"


def _refund(
    refund_no: str, reason: str, kind: str = "refund_only", at: str = _AT
) -> dict[str, str]:
    return {
        "refund_no": refund_no,
        "order_no": "o0",
        "type": kind,
        "first_reason_code": "不想要了",
        "reason_code": reason,
        "applied_at": at,
    }


METRIC = Metric(
    label="品质退款率（旧）",
    question="按旧规则看当前退款原因，品质类退款占子订单的多少？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("orders", "order_items", "refunds"),
    reasons={
        "type_not_assessed": "换货、维修、补寄不计",
        "reason_not_quality": "当前原因不是品质类",
    },
    versions=(
        Version(
            "2021",
            "2021-01-01",
            "S1:75；W26",
            cases,
            assumption="来源未写明取首次还是当前原因：按当前原因；已由首次品退率取代，仅供对照",
        ),
    ),
    proofs=(
        Proof(
            name="the current reason decides, by application; each refund counts; over sub-orders",
            rows={
                "orders": ({"order_no": "o0", "paid_at": _AT},),
                "order_items": tuple(
                    {"sub_order_no": f"s{n}", "order_no": "o0", "is_gift": n == 9}
                    for n in range(10)
                ),
                "refunds": (
                    _refund("1", "质量问题"),
                    _refund("2", "质量问题", "return_refund"),
                    _refund("3", "质量问题", "exchange"),
                    _refund("4", "不想要了"),
                    _refund("5", "质量问题", at="2026-07-31 23:59:59"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=9,
                value=2 / 9,
                excluded={"reason_not_quality": 1, "type_not_assessed": 1},
                counted={"1": True, "3": False, "4": False, "s0": False},
            ),
        ),
    ),
)
