"""补偿均额: mean amount of the payouts made (domain §1.4)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

PRICE_BACK = "refund"


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per payout paid in the window."""
    payouts = facts.table("compensations")
    payouts = payouts.filter(window.holds(payouts.paid_at))
    reason = ibis.cases(
        ((payouts.kind == PRICE_BACK).fill_null(False), "price_refunded"),
        (payouts.amount_fen.isnull(), "no_amount"),
        else_=ibis.null("string"),
    )
    inside = reason.isnull().cast("int64")
    return payouts.select(
        "shop_id",
        "order_no",
        case_id=payouts.comp_id,
        at=payouts.paid_at,
        numerator=inside * payouts.amount_fen.fill_null(0),
        denominator=inside,
        reason=reason,
        kind=payouts.kind,
        ticket_no=payouts.ticket_no,
    )


_AT = "2026-08-15 12:00:00"

METRIC = Metric(
    label="补偿均额",
    question="每赔一笔，平均赔多少钱？",
    unit=Unit.YUAN,
    better=Better.LOWER,
    rollup=Rollup.MEAN,
    inputs=("compensations",),
    reasons={"price_refunded": "退的是货款，不是补偿", "no_amount": "没有金额"},
    versions=(Version("2024", "2024-01-01", "domain §1.4", cases),),
    proofs=(
        Proof(
            name="paid compensations by payment time, to the fen",
            rows={
                "compensations": (
                    {"comp_id": "1", "kind": "transfer", "amount": 10.01, "paid_at": _AT},
                    {"comp_id": "2", "kind": "coupon", "amount": 5, "paid_at": _AT},
                    {"comp_id": "3", "kind": "refund", "amount": 99, "paid_at": _AT},
                    {"comp_id": "4", "kind": "transfer", "paid_at": _AT},
                    {"comp_id": "5", "kind": "transfer", "amount": 7, "applied_at": _AT},
                )
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=15.01,
                denominator=2,
                value=7.505,
                excluded={"no_amount": 1, "price_refunded": 1},
                counted={"1": True, "3": False},
            ),
        ),
    ),
)
