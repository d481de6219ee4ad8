"""首次品退率: paid orders whose first refund reason is about quality (S1:75–81, W2–W4, FM3)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

TYPES = ("refund_only", "return_refund")
CONSUMER_LIABLE = ("消费者责任", "买家责任")

# One order may have several refunds: the one that counts wins, else the reason that came closest.
CLOSENESS = (
    "reason_not_quality",
    "type_not_assessed",
    "not_signed",
    "applied_before_signed",
    "consumer_liable",
)


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order paid in the window; the refund may come at any time after."""
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    judged = _judged(facts)
    joined = paid.left_join(judged, ["shop_id", "order_no"])
    counts = joined.counting.fill_null(0) > 0
    return joined.select(
        "shop_id",
        "order_no",
        case_id=joined.order_no,
        at=joined.paid_at,
        numerator=counts.cast("int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.ifelse(counts, ibis.null("string"), joined.why_not.substr(2)),
        partial=joined.assumed.fill_null(0),
        first_reason=joined.first_reason,
        refund_no=joined.refund_no,
        outcome_at=joined.outcome_at,
    )


def cases_initiated(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per order with a refund launched, and one per order paid, in the window."""
    refunds = facts.relation("first_refunds")
    refunds = refunds.filter(window.holds(refunds.applied_at))
    assessed = refunds.type.fill_null("refund_only").isin(TYPES)
    counting = refunds.is_quality & assessed
    launched = refunds.group_by("shop_id", "order_no").aggregate(
        counting=counting.cast("int64").max(),
        quality=refunds.is_quality.cast("int64").max(),
        at=refunds.applied_at.min(where=counting).coalesce(refunds.applied_at.min()),
        assumed=(refunds.assumed * refunds.is_quality.cast("int64")).max(),
        first_reason=refunds.reason.min(where=counting).coalesce(refunds.reason.min()),
        refund_no=refunds.refund_no.min(where=counting).coalesce(refunds.refund_no.min()),
    )
    events = launched.select(
        "shop_id",
        "order_no",
        case_id=launched.order_no,
        at=launched["at"],
        numerator=launched.counting,
        denominator=ibis.literal(0, "int64"),
        reason=ibis.cases(
            (launched.counting > 0, ibis.null("string")),
            (launched.quality > 0, "type_not_assessed"),
            else_="reason_not_quality",
        ),
        partial=launched.assumed,
        first_reason=launched.first_reason,
        refund_no=launched.refund_no,
    )
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    exposed = paid.select(
        "shop_id",
        "order_no",
        case_id=paid.order_no,
        at=paid.paid_at,
        numerator=ibis.literal(0, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        partial=ibis.literal(0, "int64"),
        first_reason=ibis.null("string"),
        refund_no=ibis.null("string"),
    )
    return events.union(exposed)


def _judged(facts: Facts) -> ibis.Table:
    refunds = facts.relation("first_refunds")
    signed = facts.relation("outbound_parcels").select("shop_id", "order_no", "signed_at")
    refunds = refunds.left_join(signed, ["shop_id", "order_no"])
    why_not = ibis.cases(
        (~refunds.is_quality, "reason_not_quality"),
        (~refunds.type.fill_null("refund_only").isin(TYPES), "type_not_assessed"),
        (refunds.signed_at.isnull(), "not_signed"),
        ((refunds.applied_at < refunds.signed_at).fill_null(True), "applied_before_signed"),
        (refunds.duty_party.fill_null("").isin(CONSUMER_LIABLE), "consumer_liable"),
        else_="",
    )
    # A digit in front makes the text maximum the closest reason, and the same on every engine.
    ranked = ibis.cases(
        *[(why_not == name, f"{rank} {name}") for rank, name in enumerate(CLOSENESS)],
        else_=ibis.null("string"),
    )
    refunds = refunds.mutate(
        counting=(why_not == "").cast("int64"),
        ranked=ranked,
        rests_on_current=refunds.assumed * refunds.is_quality.cast("int64"),
    )
    counting = refunds.counting > 0
    return refunds.group_by("shop_id", "order_no").aggregate(
        counting=refunds.counting.sum(),
        why_not=refunds.ranked.max(),
        assumed=refunds.assumed.max(),
        first_reason=refunds.reason.min(where=counting).coalesce(refunds.reason.min()),
        refund_no=refunds.refund_no.min(where=counting).coalesce(refunds.refund_no.min()),
        outcome_at=refunds.applied_at.min(where=counting),
    )


_PAID = "2026-08-03 10:00:00"
_SIGNED = "2026-08-06 10:00:00"
_LATER = "2026-08-07 10:00:00"


def _orders(count: int) -> tuple[dict[str, str], ...]:
    return tuple({"order_no": f"o{n}", "paid_at": _PAID} for n in range(count))


def _parcels(count: int) -> tuple[dict[str, str], ...]:
    return tuple(
        {"tracking_no": f"t{n}", "order_no": f"o{n}", "direction": "out", "signed_at": _SIGNED}
        for n in range(count)
    )


def _refund(order: int, first: str, **cells: str) -> dict[str, str]:
    return {
        "refund_no": f"r{order}{first}",
        "order_no": f"o{order}",
        "type": "return_refund",
        "first_reason_code": first,
        "applied_at": _LATER,
        **cells,
    }


METRIC = Metric(
    label="首次品退率",
    question="付款订单里，买家第一次提交的退款原因是品质问题的占多少？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    product_min_sample=10,
    min_sample=10,
    inputs=("orders", "refunds", "shipments"),
    reasons={
        "reason_not_quality": "首次退款原因不是品质类",
        "type_not_assessed": "换货、维修、补寄不计",
        "not_signed": "没有包裹签收记录",
        "applied_before_signed": "签收前申请的退款不计",
        "consumer_liable": "判定为买家责任",
    },
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S1:75–81，W2–W4",
            cases,
            assumption=(
                "分母取全部付款订单（来源只有图片，未写明）；"
                "只有当前原因的导出文件，以首次导入时的当前原因代替首次原因"
            ),
        ),
        Version(
            "2022a",
            "2022-07-01",
            "W4",
            cases_initiated,
            assumption="较早的口径：按退款发起时间计，不看签收与责任；分母为同期付款订单",
        ),
    ),
    proofs=(
        Proof(
            name="FM3: the first reason decides, whatever it becomes",
            rows={
                "orders": _orders(10),
                "shipments": _parcels(10),
                "refunds": (
                    _refund(0, "质量问题", reason_code="不想要了"),
                    _refund(1, "不想要了", reason_code="质量问题"),
                    _refund(2, "质量问题", status="closed"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=10,
                value=0.2,
                quality="ok",
                excluded={"reason_not_quality": 1},
                counted={"o0": True, "o1": False, "o2": True, "o9": False},
            ),
        ),
        Proof(
            name="exclusions, one each, and two refunds of one order count once",
            rows={
                "orders": _orders(10),
                "shipments": _parcels(5),
                "refunds": (
                    _refund(0, "质量问题", duty_party="消费者责任"),
                    _refund(1, "质量问题", applied_at="2026-08-05 10:00:00"),
                    _refund(2, "质量问题", type="exchange"),
                    _refund(3, "质量问题"),
                    {**_refund(3, "质量问题"), "refund_no": "again"},
                    _refund(4, "质量问题", applied_at=_SIGNED),
                    _refund(5, "质量问题"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=10,
                excluded={
                    "applied_before_signed": 1,
                    "consumer_liable": 1,
                    "not_signed": 1,
                    "type_not_assessed": 1,
                },
            ),
        ),
        Proof(
            name="the cohort is by payment; only a current reason makes the input partial",
            rows={
                "orders": (*_orders(10), {"order_no": "july", "paid_at": "2026-07-31 23:59:59"}),
                "shipments": (
                    *_parcels(10),
                    {"tracking_no": "t", "order_no": "july", "signed_at": _SIGNED},
                ),
                "refunds": (
                    {
                        "refund_no": "r",
                        "order_no": "o0",
                        "type": "refund_only",
                        "reason_code": "质量问题",
                        "applied_at": "2026-09-20 10:00:00",
                    },
                    {**_refund(1, "质量问题"), "order_no": "july"},
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(numerator=1, denominator=10, quality="partial_input"),
        ),
        Proof(
            name="2022a: by launch, whenever paid and whether signed or not; each order once",
            version="2022a",
            rows={
                "orders": (*_orders(10), {"order_no": "july", "paid_at": "2026-07-31 23:59:59"}),
                "refunds": (
                    _refund(0, "质量问题"),
                    {**_refund(0, "质量问题"), "refund_no": "again"},
                    {**_refund(1, "质量问题"), "order_no": "july"},
                    _refund(2, "质量问题", applied_at="2026-08-31 00:00:00"),
                    _refund(3, "质量问题", type="exchange"),
                    _refund(4, "不想要了", reason_code="质量问题"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=10,
                excluded={"reason_not_quality": 1, "type_not_assessed": 1},
                counted={"o0": True, "july": True, "o2": False, "o3": False},
            ),
        ),
    ),
)
