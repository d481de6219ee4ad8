"""退款处理时长: the merchant's own share of the time that finished refunds took (W7, W8)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import DAY_US, Window

TYPES = ("refund_only", "return_refund")
TOO_OLD_US = 90 * DAY_US
FREIGHT = "退运费"


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per refund that finished, by success or by closing, in the window."""
    refunds = facts.relation("refund_cases")
    refunds = refunds.filter(window.holds(refunds.finished_at))
    orders = facts.table("orders").select("shop_id", "order_no")
    shipped = facts.relation("deliveries").select("shop_id", "order_no", "shipped_at")
    known = orders.left_join(shipped, ["shop_id", "order_no"]).select(
        "shop_id", "order_no", "shipped_at", known=ibis.literal(True)
    )
    refunds = refunds.left_join(known, ["shop_id", "order_no"]).drop(
        "shop_id_right", "order_no_right"
    )
    took_us = _merchant_time(refunds)
    reason = _reason(refunds, took_us)
    inside = reason.isnull().cast("int64")
    return refunds.select(
        "shop_id",
        "order_no",
        "product_id",
        "sku_id",
        "refund_reason",
        case_id=refunds.refund_no,
        at=refunds.finished_at,
        numerator=inside * took_us.fill_null(0),
        denominator=inside,
        reason=reason,
        type=refunds.type,
        succeeded=refunds.succeeded,
    )


def _merchant_time(refunds: ibis.Table) -> ibis.Value:
    """Return the µs the merchant took, null where a needed time is missing.

    Without return: success − application, or first rejection − application when it was closed.
    With return: agreement − application, and finish − arrival of the goods.
    """
    applied = refunds.applied_at
    rejected = refunds.rejected_at - applied
    agreed = refunds.agreed_at - applied
    after_return = refunds.finished_at - refunds.return_signed_at
    with_return = refunds.type == "return_refund"
    return ibis.cases(
        (~with_return & refunds.succeeded, refunds.finished_at - applied),
        (~with_return, rejected),
        (refunds.succeeded, agreed + after_return),
        (refunds.agreed_at.isnull(), rejected),
        else_=agreed + after_return.fill_null(0),
    )


def _reason(refunds: ibis.Table, took_us: ibis.Value) -> ibis.Value:
    acted = refunds.agreed_at.notnull() | refunds.rejected_at.notnull()
    not_shipped = (
        (refunds.type == "refund_only")
        & refunds.known.fill_null(False)
        & (refunds.applied_at < refunds.shipped_at).fill_null(True)
    )
    return ibis.cases(
        (~refunds.type.isin(TYPES).fill_null(False), "type_not_assessed"),
        (refunds.applied_at.isnull(), "times_missing"),
        (refunds.platform_intervened, "platform_intervened"),
        (refunds.finished_at - refunds.applied_at > TOO_OLD_US, "too_old"),
        (refunds.refund_reason.fill_null("") == FREIGHT, "freight_only"),
        (not_shipped, "not_shipped"),
        (~refunds.succeeded & ~acted, "buyer_cancelled"),
        (took_us.isnull(), "times_missing"),
        (took_us < 0, "times_out_of_order"),
        else_=ibis.null("string"),
    )


_APPLIED = "2026-08-10 00:00:00"


def _refund(refund_no: str, kind: str, finish: str, **cells: str | bool) -> dict[str, str | bool]:
    return {
        "refund_no": refund_no,
        "order_no": "o",
        "type": kind,
        "status": "success",
        "applied_at": _APPLIED,
        "finish_at": finish,
        **cells,
    }


_SHIPPED = {"order_no": "o", "paid_at": "2026-08-01 10:00:00", "shipped_at": "2026-08-02 10:00:00"}

METRIC = Metric(
    label="退款处理时长",
    question="一笔退款里，商家自己用掉多少小时？",
    unit=Unit.HOURS,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("refunds", "orders"),
    reasons={
        "type_not_assessed": "换货、维修、补寄不计",
        "platform_intervened": "小二实际介入",
        "too_old": "申请距完结超过 90 天",
        "freight_only": "运费退款",
        "not_shipped": "未发货仅退款",
        "buyer_cancelled": "商家处理前买家已取消",
        "times_missing": "缺少计算所需的时间",
        "times_out_of_order": "时间先后颠倒",
    },
    versions=(
        Version(
            "2025",
            "2025-06-01",
            "W7；W8",
            cases,
            assumption="按完结时间计；保税仓订单没有数据可辨认，未剔除",
        ),
    ),
    proofs=(
        Proof(
            name="W7: each type and outcome by its own clock",
            rows={
                "orders": (_SHIPPED,),
                "refunds": (
                    _refund("only", "refund_only", "2026-08-10 05:00:00"),
                    _refund(
                        "only_closed",
                        "refund_only",
                        "2026-08-20 00:00:00",
                        status="closed",
                        rejected_at="2026-08-10 03:00:00",
                    ),
                    _refund(
                        "return",
                        "return_refund",
                        "2026-08-17 06:00:00",
                        agreed_at="2026-08-10 01:00:00",
                        return_signed_at="2026-08-17 00:00:00",
                    ),
                    _refund(
                        "return_closed",
                        "return_refund",
                        "2026-08-20 00:00:00",
                        status="closed",
                        agreed_at="2026-08-10 02:00:00",
                    ),
                    _refund(
                        "return_rejected",
                        "return_refund",
                        "2026-08-20 00:00:00",
                        status="closed",
                        rejected_at="2026-08-10 04:00:00",
                    ),
                    _refund("next_month", "refund_only", "2026-08-31 00:00:00"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=5 + 3 + 7 + 2 + 4, denominator=5, value=4.2, excluded={}),
        ),
        Proof(
            name="W8: every exclusion, and exactly 90 days is still in",
            rows={
                "orders": (_SHIPPED, {"order_no": "waiting", "paid_at": "2026-08-01 10:00:00"}),
                "refunds": (
                    _refund("ok", "refund_only", "2026-08-10 05:00:00", order_no="elsewhere"),
                    _refund("exchange", "exchange", "2026-08-10 05:00:00"),
                    _refund(
                        "stepped_in",
                        "refund_only",
                        "2026-08-10 05:00:00",
                        platform_intervened=True,
                    ),
                    _refund(
                        "day90",
                        "refund_only",
                        "2026-08-30 12:00:00",
                        applied_at="2026-06-01 12:00:00",
                        order_no="elsewhere",
                    ),
                    _refund(
                        "day91",
                        "refund_only",
                        "2026-08-30 12:00:01",
                        applied_at="2026-06-01 12:00:00",
                        order_no="elsewhere",
                    ),
                    _refund("freight", "refund_only", "2026-08-10 05:00:00", reason_code="退运费"),
                    _refund("unshipped", "refund_only", "2026-08-10 05:00:00", order_no="waiting"),
                    _refund(
                        "before",
                        "refund_only",
                        "2026-08-10 05:00:00",
                        applied_at="2026-08-02 09:59:59",
                    ),
                    _refund("cancelled", "refund_only", "2026-08-11 00:00:00", status="closed"),
                    _refund(
                        "no_arrival",
                        "return_refund",
                        "2026-08-11 00:00:00",
                        agreed_at="2026-08-10 01:00:00",
                    ),
                    _refund("backwards", "refund_only", "2026-08-09 00:00:00"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=5 + 90 * 24,
                denominator=2,
                excluded={
                    "buyer_cancelled": 1,
                    "freight_only": 1,
                    "not_shipped": 2,
                    "platform_intervened": 1,
                    "times_missing": 1,
                    "times_out_of_order": 1,
                    "too_old": 1,
                    "type_not_assessed": 1,
                },
                counted={"ok": True, "day90": True, "day91": False, "before": False},
            ),
        ),
    ),
)
