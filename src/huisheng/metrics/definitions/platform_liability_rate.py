"""平台判责率: disputes and complaints judged against the merchant per paid order (S1:156)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per dispute or complaint judged and one per order paid in the window."""
    judged = facts.relation("judged_disputes")
    judged = judged.filter(window.holds(judged.judged_at))
    liable = judged.merchant_liable
    judgements = judged.select(
        "shop_id",
        "order_no",
        case_id=judged.dispute_no,
        at=judged.judged_at,
        numerator=liable.cast("int64"),
        denominator=ibis.literal(0, "int64"),
        reason=ibis.ifelse(liable, ibis.null("string"), "merchant_not_liable"),
        kind=judged.kind,
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
        kind=ibis.null("string"),
    )
    return judgements.union(exposed)


_AT = "2026-08-15 12:00:00"


def _dispute(number: int, **cells: str) -> dict[str, str]:
    return {
        "dispute_no": f"d{number}",
        "kind": "dispute",
        "launched_at": "2026-07-15 12:00:00",
        "closed_at": _AT,
        **cells,
    }


METRIC = Metric(
    label="平台判责率",
    question="每百笔付款订单里，平台判商家责任的有几件？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("disputes", "orders"),
    reasons={"merchant_not_liable": "没有判为商家责任"},
    versions=(
        Version(
            "2022",
            "2022-07-01",
            "S1:156；G28",
            cases,
            assumption="按判定（关闭）时间计，没有关闭时间的按发起时间",
        ),
    ),
    proofs=(
        Proof(
            name="merchant-liable judgements by closing time, else by launch; open ones are none",
            rows={
                "orders": tuple({"order_no": f"o{n}", "paid_at": _AT} for n in range(100)),
                "disputes": (
                    _dispute(1, duty_party="商家责任"),
                    _dispute(2, kind="complaint", duty_party="卖家责任"),
                    _dispute(3, duty_party="买家责任"),
                    _dispute(4),
                    _dispute(5, duty_party="商家责任", closed_at="2026-08-31 00:00:00"),
                    _dispute(6, kind="work_order", duty_party="商家责任"),
                    {
                        "dispute_no": "d7",
                        "kind": "dispute",
                        "duty_party": "商家责任",
                        "launched_at": _AT,
                    },
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=3,
                denominator=100,
                value=0.03,
                excluded={"merchant_not_liable": 1},
                counted={"d1": True, "d3": False, "d7": True, "o0": False},
            ),
        ),
    ),
)
