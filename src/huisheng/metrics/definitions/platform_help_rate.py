"""平台求助率: disputes, complaints and platform work orders per paid order (S1, FM2, W1)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

ORDINARY = ("普通", "普通工单")


def cases_2022(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per help request launched and one per order paid in the window.

    A withdrawn request counts: what was launched stays launched (S1:157).
    """
    disputes = _launched(facts, window)
    disputes = disputes.mutate(
        reason=ibis.cases(
            (disputes.kind == "complaint", ibis.null("string")),
            (disputes.kind == "work_order", _work_order_reason(disputes)),
            else_=_dispute_reason(disputes),
        ),
        count=1,
    )
    return _requests(disputes).union(_exposed(facts, window, "orders"))


def cases_2025(facts: Facts, window: Window) -> ibis.Table:
    """Return weighted disputes and complaints over paid sub-orders; a closed refund clears one."""
    disputes = _launched(facts, window)
    disputes = disputes.mutate(
        reason=ibis.cases(
            (disputes.kind == "work_order", "work_order_not_assessed"),
            (disputes.final_refund_status.isin(("closed", "退款关闭")), "refund_closed"),
            (disputes.kind == "complaint", ibis.null("string")),
            else_=_dispute_reason(disputes),
        ),
        count=disputes.weight.fill_null(1),
    )
    return _requests(disputes).union(_exposed(facts, window, "order_items"))


def _launched(facts: Facts, window: Window) -> ibis.Table:
    disputes = facts.table("disputes")
    return disputes.filter(window.holds(disputes.launched_at))


def _dispute_reason(disputes: ibis.Table) -> ibis.Value:
    initiator = disputes.initiator.fill_null("consumer")
    return ibis.cases(
        (disputes.is_proactive_member.fill_null(False), "proactive_member"),
        (initiator == "consumer", ibis.null("string")),
        (initiator == "merchant", "merchant_launched"),
        (disputes.merchant_rejected_first.fill_null(False), ibis.null("string")),
        else_="platform_without_rejection",
    )


def _work_order_reason(disputes: ibis.Table) -> ibis.Value:
    return ibis.ifelse(
        disputes.work_order_type.isin(ORDINARY).fill_null(False),
        ibis.null("string"),
        "work_order_type",
    )


def _requests(disputes: ibis.Table) -> ibis.Table:
    return disputes.select(
        "shop_id",
        "order_no",
        case_id=disputes.dispute_no,
        at=disputes.launched_at,
        numerator=ibis.ifelse(disputes.reason.isnull(), disputes["count"], 0).cast("int64"),
        denominator=ibis.literal(0, "int64"),
        reason=disputes.reason,
        kind=disputes.kind,
        initiator=disputes.initiator,
    )


def _exposed(facts: Facts, window: Window, grain: str) -> ibis.Table:
    paid = facts.relation("paid_orders")
    paid = paid.filter(window.holds(paid.paid_at))
    case_id = paid.order_no
    if grain == "order_items":
        items = facts.table("order_items").select("shop_id", "order_no", "sub_order_no")
        paid = paid.inner_join(items, ["shop_id", "order_no"])
        case_id = paid.sub_order_no
    return paid.select(
        "shop_id",
        "order_no",
        case_id=case_id,
        at=paid.paid_at,
        numerator=ibis.literal(0, "int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        kind=ibis.null("string"),
        initiator=ibis.null("string"),
    )


_AT = "2026-08-15 12:00:00"


def _dispute(number: int, **cells: str | bool) -> dict[str, str | bool]:
    return {
        "dispute_no": f"d{number}",
        "kind": "dispute",
        "initiator": "consumer",
        "launched_at": _AT,
        **cells,
    }


_ORDERS = tuple({"order_no": f"o{n}", "paid_at": _AT} for n in range(1000))
_REQUESTS = (
    _dispute(1),
    _dispute(2),
    _dispute(3, withdrawn_at="2026-08-16 12:00:00"),
    _dispute(4, initiator="merchant"),
    _dispute(5, kind="complaint"),
    _dispute(6, kind="complaint", withdrawn_at="2026-08-16 12:00:00"),
    _dispute(7, kind="work_order", work_order_type="普通"),
    _dispute(8, kind="work_order", work_order_type="普通"),
    _dispute(9, kind="work_order", work_order_type="提醒发货"),
)

METRIC = Metric(
    label="平台求助率",
    question="每百笔付款订单里，买家有多少次不得不去找平台？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    threshold=0.01,
    inputs=("disputes", "orders"),
    reasons={
        "merchant_launched": "商家发起的纠纷不计",
        "proactive_member": "平台对优质会员的主动介入不计",
        "platform_without_rejection": "平台发起而商家并未先拒绝的纠纷不计",
        "work_order_type": "协同工单只计普通工单",
        "work_order_not_assessed": "2025 版不计协同工单",
        "refund_closed": "退款最终关闭，2025 版不计",
    },
    versions=(
        Version("2022", "2022-07-01", "S1:148–157", cases_2022),
        Version(
            "2025",
            "2025-08-26",
            "W1",
            cases_2025,
            assumption="生效年份来源未写明；可信买家按导入的权重（1 或 3）计",
        ),
    ),
    proofs=(
        Proof(
            name="FM2: 3 disputes + 2 complaints + 2 work orders per 1000 orders",
            rows={"orders": _ORDERS, "disputes": _REQUESTS},
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=7,
                denominator=1000,
                value=0.007,
                excluded={"merchant_launched": 1, "work_order_type": 1},
                counted={"d3": True, "d4": False, "d6": True, "d9": False},
            ),
        ),
        Proof(
            name="the platform counts only after a rejection, never for quality members",
            rows={
                "orders": _ORDERS[:10],
                "disputes": (
                    _dispute(1, initiator="platform"),
                    _dispute(2, initiator="platform", merchant_rejected_first=True),
                    _dispute(3, initiator="platform", is_proactive_member=True),
                    _dispute(4, launched_at="2026-07-31 23:59:59"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1,
                denominator=10,
                excluded={"platform_without_rejection": 1, "proactive_member": 1},
            ),
        ),
        Proof(
            name="2025: work orders out, a closed refund clears, trusted buyers weigh three",
            version="2025",
            rows={
                "orders": _ORDERS[:10],
                "order_items": tuple(
                    {"sub_order_no": f"s{n}", "order_no": f"o{n % 10}"} for n in range(20)
                ),
                "disputes": (
                    _dispute(1),
                    {**_dispute(2), "weight": 3},
                    _dispute(3, final_refund_status="closed"),
                    _dispute(4, kind="work_order", work_order_type="普通"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=4,
                denominator=20,
                excluded={"refund_closed": 1, "work_order_not_assessed": 1},
            ),
        ),
    ),
)
