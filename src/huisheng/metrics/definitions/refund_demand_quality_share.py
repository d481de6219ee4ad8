"""退款诉求占比: of the refunds asked for, those over product quality (S1:87, C05, FM7)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

TYPES = ("refund_only", "return_refund")


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per refund asked for in the window, by its first reason."""
    refunds = facts.relation("first_refunds")
    refunds = refunds.filter(window.holds(refunds.applied_at))
    items = facts.relation("refund_cases").select("shop_id", "refund_no", "product_id", "sku_id")
    joined = refunds.left_join(items, ["shop_id", "refund_no"])
    reason = ibis.cases(
        (~joined.type.fill_null("refund_only").isin(TYPES), "type_not_refund"),
        (joined.reason.fill_null("") == "", "no_reason"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return joined.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        case_id=joined.refund_no,
        at=joined.applied_at,
        numerator=inside * joined.is_quality.cast("int64"),
        denominator=inside,
        reason=reason,
        partial=joined.assumed,
        refund_reason=joined.reason,
    )


def _refunds(count: int, reason: str | None, **cells: str) -> tuple[dict[str, str | None], ...]:
    return tuple(
        {
            "refund_no": f"{reason}{cells.get('type', '')}{n}",
            "order_no": f"o{n}",
            "type": "refund_only",
            "first_reason_code": reason,
            "applied_at": "2026-08-15 12:00:00",
            **cells,
        }
        for n in range(count)
    )


METRIC = Metric(
    label="退款诉求占比（品质）",
    question="买家要退款，有多少是因为商品质量？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    inputs=("refunds",),
    reasons={"type_not_refund": "换货、维修、补寄不是退款", "no_reason": "没有退款原因"},
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S1:87；FM7",
            cases,
            assumption="按首次原因；只有当前原因的导出文件以首次导入时的当前原因代替",
        ),
    ),
    proofs=(
        Proof(
            name="FM7: 30 of 120",
            rows={
                "refunds": (
                    *_refunds(30, "质量问题"),
                    *_refunds(90, "不想要了", reason_code="质量问题"),
                    *_refunds(3, "质量问题", type="exchange"),
                    *_refunds(2, None),
                    {
                        **_refunds(1, "质量问题")[0],
                        "refund_no": "late",
                        "applied_at": "2026-08-31 00:00:00",
                    },
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=30,
                denominator=120,
                value=0.25,
                quality="ok",
                excluded={"no_reason": 2, "type_not_refund": 3},
                counted={"质量问题0": True, "不想要了0": True, "质量问题exchange0": False},
            ),
        ),
        Proof(
            name="only current reasons: the same share, on partial input",
            rows={"refunds": _refunds(4, None, reason_code="质量问题")},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=4, denominator=4, quality="partial_input"),
        ),
    ),
)
