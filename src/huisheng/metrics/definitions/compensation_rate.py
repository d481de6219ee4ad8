"""补偿率: tickets that ended in a payout (domain §1.4)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per ticket created in the window; the payout may come at any time after."""
    tickets = facts.table("tickets")
    tickets = tickets.filter(window.holds(tickets.created_at))
    payouts = facts.table("compensations")
    payouts = payouts.filter(payouts.ticket_no.fill_null("") != "")
    by_ticket = payouts.group_by("shop_id", "ticket_no").aggregate(
        paid=payouts.paid_at.notnull().cast("int64").max()
    )
    joined = tickets.left_join(by_ticket, ["shop_id", "ticket_no"])
    return joined.select(
        "shop_id",
        "order_no",
        "product_id",
        "conv_id",
        case_id=joined.ticket_no,
        at=joined.created_at,
        numerator=joined.paid.fill_null(0),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.ifelse((joined.paid == 0).fill_null(False), "not_paid", ibis.null("string")),
        agent_id=joined.owner,
        ticket_type=joined.type,
    )


_AT = "2026-08-15 12:00:00"

METRIC = Metric(
    label="补偿率",
    question="工单里，有多少最后是赔钱了结的？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    inputs=("tickets", "compensations"),
    reasons={"not_paid": "申请了补偿，还没有打款"},
    versions=(Version("2024", "2024-01-01", "domain §1.4", cases),),
    proofs=(
        Proof(
            name="two payouts are one ticket, an unpaid request is none",
            rows={
                "tickets": (
                    *({"ticket_no": f"t{n}", "created_at": _AT} for n in range(4)),
                    {"ticket_no": "t9", "created_at": "2026-08-31 00:00:00"},
                ),
                "compensations": (
                    {"comp_id": "1", "ticket_no": "t0", "amount": 5, "paid_at": _AT},
                    {"comp_id": "2", "ticket_no": "t0", "amount": 5, "paid_at": _AT},
                    {"comp_id": "3", "ticket_no": "t1", "amount": 5, "applied_at": _AT},
                    {"comp_id": "4", "ticket_no": "", "amount": 5, "paid_at": _AT},
                    {"comp_id": "5", "ticket_no": "t9", "amount": 5, "paid_at": _AT},
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=1,
                denominator=4,
                value=0.25,
                excluded={"not_paid": 1},
                counted={"t0": True, "t1": False, "t2": False},
            ),
        ),
    ),
)
