"""纠纷退款率: refunds that a dispute judged the seller liable for, per paid order (W26)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per disputed refund finished and one per order paid in the window."""
    refunds = facts.relation("refund_cases")
    refunds = refunds.filter(window.holds(refunds.finished_at))
    disputed = refunds.inner_join(_liability(facts), ["shop_id", "refund_no"])
    reason = ibis.cases(
        (disputed.liable == 0, "merchant_not_liable"),
        (~disputed.succeeded.fill_null(False), "refund_not_effective"),
        else_=ibis.null("string"),
    )
    judged = disputed.select(
        "shop_id",
        "order_no",
        case_id=disputed.refund_no,
        at=disputed.finished_at,
        numerator=reason.isnull().cast("int64"),
        denominator=ibis.literal(0, "int64"),
        reason=reason,
        refund_reason=disputed.refund_reason,
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
        refund_reason=ibis.null("string"),
    )
    return judged.union(exposed)


def _liability(facts: Facts) -> ibis.Table:
    """Return shop_id, refund_no, liable (0 or 1) of every refund in a judged dispute.

    A dispute that names no refund is about all refunds of its order.
    """
    judged = facts.relation("judged_disputes")
    judged = judged.filter(judged.kind == "dispute")
    judged = judged.mutate(liable=judged.merchant_liable.cast("int64"))
    named = judged.filter(judged.refund_no.notnull()).select("shop_id", "refund_no", "liable")
    of_order = judged.filter(judged.refund_no.isnull() & judged.order_no.notnull())
    refunds = facts.table("refunds").select("shop_id", "order_no", "refund_no")
    unnamed = of_order.select("shop_id", "order_no", "liable").inner_join(
        refunds, ["shop_id", "order_no"]
    )
    both = named.union(unnamed.select("shop_id", "refund_no", "liable"))
    return both.group_by("shop_id", "refund_no").aggregate(liable=both.liable.max())


_AT = "2026-08-15 12:00:00"


def _dispute(number: int, **cells: str) -> dict[str, str]:
    return {"dispute_no": f"d{number}", "kind": "dispute", "duty_party": "商家责任", **cells}


def _refund(refund_no: str, order_no: str, status: str, at: str = _AT) -> dict[str, str]:
    return {"refund_no": refund_no, "order_no": order_no, "status": status, "finish_at": at}


METRIC = Metric(
    label="纠纷退款率",
    question="每百笔付款订单里，有几笔退款是被判商家责任的纠纷退款？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("disputes", "refunds", "orders"),
    reasons={
        "merchant_not_liable": "纠纷没有判为商家责任",
        "refund_not_effective": "退款没有成功",
    },
    versions=(
        Version(
            "2021", "2021-01-01", "W26", cases, assumption="按退款完结时间计；新灯塔 4.0 已取消"
        ),
    ),
    proofs=(
        Proof(
            name="each refund once however many disputes; liable and effective alone",
            rows={
                "orders": tuple({"order_no": f"o{n}", "paid_at": _AT} for n in range(50)),
                "refunds": (
                    _refund("r0", "o0", "success"),
                    _refund("r1", "o1", "success"),
                    _refund("r2", "o1", "closed"),
                    _refund("r3", "o3", "success"),
                    _refund("r4", "o4", "success"),
                    _refund("r5", "o5", "success", "2026-08-31 00:00:00"),
                ),
                "disputes": (
                    _dispute(0, refund_no="r0", order_no="o0"),
                    _dispute(1, refund_no="r0", order_no="o0"),
                    _dispute(2, order_no="o1", refund_no=""),
                    _dispute(3, refund_no="r3", order_no="o3", duty_party="买家责任"),
                    _dispute(4, refund_no="r5", order_no="o5"),
                    _dispute(5, refund_no="r4", order_no="o4", kind="complaint"),
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=2,
                denominator=50,
                value=0.04,
                excluded={"merchant_not_liable": 1, "refund_not_effective": 1},
                counted={"r0": True, "r1": True, "r2": False, "r3": False},
            ),
        ),
    ),
)
