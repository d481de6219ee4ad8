"""退款自主完结率: finished refunds that the platform did not have to finish (W26)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

TYPES = ("refund_only", "return_refund")


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per refund finished in the window."""
    refunds = facts.relation("refund_cases")
    refunds = refunds.filter(window.holds(refunds.finished_at))
    assessed = refunds.type.isin(TYPES).fill_null(False)
    # Where a source does not say who finished, a platform that stepped in is taken to have done so.
    by_platform = (refunds.finished_by == "platform").fill_null(refunds.platform_intervened)
    return refunds.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        "refund_reason",
        case_id=refunds.refund_no,
        at=refunds.finished_at,
        numerator=(assessed & ~by_platform).cast("int64"),
        denominator=assessed.cast("int64"),
        reason=ibis.cases(
            (~assessed, "type_not_refund"),
            (by_platform, "finished_by_platform"),
            else_=ibis.null("string"),
        ),
        finished_by=refunds.finished_by,
    )


def _refund(refund_no: str, **cells: str | bool) -> dict[str, str | bool]:
    return {
        "refund_no": refund_no,
        "type": "refund_only",
        "finish_at": "2026-08-11 00:00:00",
        **cells,
    }


METRIC = Metric(
    label="退款自主完结率",
    question="完结的退款里，有多少没有靠小二收尾？",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    rollup=Rollup.RATIO,
    inputs=("refunds",),
    reasons={
        "type_not_refund": "换货、维修、补寄不是退款",
        "finished_by_platform": "由小二完结",
    },
    versions=(Version("2021", "2021-01-01", "W26", cases),),
    proofs=(
        Proof(
            name="who took the last step decides; a mere intervention only where nobody is named",
            rows={
                "refunds": (
                    _refund("a", finished_by="merchant", platform_intervened=True),
                    _refund("b", finished_by="system"),
                    _refund("c", finished_by="platform"),
                    _refund("d", platform_intervened=True),
                    _refund("e", type="return_refund"),
                    _refund("f", type="exchange", finished_by="merchant"),
                    _refund("g", finished_by="merchant", finish_at="2026-08-31 00:00:00"),
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=5,
                value=0.6,
                excluded={"finished_by_platform": 2, "type_not_refund": 1},
                counted={"c": True, "f": False},
            ),
        ),
        Proof(
            name="nothing finished, no rate",
            rows={"refunds": ({"refund_no": "open", "applied_at": "2026-08-11 00:00:00"},)},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(denominator=0, no_value=True),
        ),
    ),
)
