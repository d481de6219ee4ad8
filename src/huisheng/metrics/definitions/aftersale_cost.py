"""售后成本: what after-sales cost in payouts, parcels and work (S4, S2; domain §1.4)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.window import Window

EXTRA_PARCELS = ("return", "exchange", "resend")
PRICE_BACK = "refund"


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per cost in the window: payouts when paid, parcels when sent, tickets closed.

    A ticket's own cost counts only where no payout was made for it.
    """
    costs = ibis.union(_payouts(facts), _parcels(facts), _tickets(facts))
    costs = costs.filter(window.holds(costs["at"]) & costs.cost_fen.notnull())
    inside = costs.reason.isnull().cast("int64")
    return costs.select(
        "shop_id",
        "order_no",
        "case_id",
        "at",
        "kind",
        numerator=inside * costs.cost_fen,
        denominator=inside,
        reason=costs.reason,
    )


def _payouts(facts: Facts) -> ibis.Table:
    payouts = facts.table("compensations")
    return payouts.select(
        "shop_id",
        "order_no",
        case_id=payouts.comp_id,
        at=payouts.paid_at,
        kind=payouts.kind.fill_null("transfer"),
        cost_fen=payouts.amount_fen,
        reason=ibis.ifelse(
            (payouts.kind == PRICE_BACK).fill_null(False), "price_refunded", ibis.null("string")
        ),
    )


def _parcels(facts: Facts) -> ibis.Table:
    """Return return, exchange and resend parcels: one that holds several orders costs once."""
    parcels = facts.table("shipments")
    extra = parcels.filter(parcels.direction.isin(EXTRA_PARCELS))
    once = extra.group_by("shop_id", "tracking_no").aggregate(
        order_no=extra.order_no.min(),
        at=extra.shipped_at.min(),
        kind=extra.direction.min(),
        cost_fen=extra.cost_fen.max(),
    )
    return once.select(
        "shop_id",
        "order_no",
        case_id=once.tracking_no,
        at=once["at"],
        kind=once.kind + "_parcel",
        cost_fen=once.cost_fen,
        reason=ibis.null("string"),
    )


def _tickets(facts: Facts) -> ibis.Table:
    payouts = facts.table("compensations")
    paid = payouts.filter(payouts.paid_at.notnull() & (payouts.ticket_no.fill_null("") != ""))
    paid = paid.select("shop_id", "ticket_no").distinct().mutate(paid=ibis.literal(True))
    tickets = facts.table("tickets").left_join(paid, ["shop_id", "ticket_no"])
    return tickets.select(
        "shop_id",
        "order_no",
        case_id=tickets.ticket_no,
        at=tickets.closed_at,
        kind=ibis.literal("ticket"),
        cost_fen=tickets.cost_fen,
        reason=ibis.ifelse(tickets.paid.fill_null(False), "paid_in_payout", ibis.null("string")),
    )


_AT = "2026-08-15 12:00:00"


def _payout(comp_id: str, amount: float, **cells: str) -> dict[str, str | float]:
    return {"comp_id": comp_id, "amount": amount, "kind": "transfer", "paid_at": _AT, **cells}


def _parcel(tracking_no: str, order_no: str, direction: str, cost: float) -> dict[str, str | float]:
    return {
        "tracking_no": tracking_no,
        "order_no": order_no,
        "direction": direction,
        "shipped_at": _AT,
        "cost": cost,
    }


METRIC = Metric(
    label="售后成本",
    question="补偿、多跑的快递和处理，一共花了多少钱？",
    unit=Unit.YUAN,
    better=Better.LOWER,
    rollup=Rollup.SUM,
    min_sample=1,
    inputs=("compensations", "shipments", "tickets"),
    reasons={
        "price_refunded": "退的是货款，不是售后成本",
        "paid_in_payout": "已计在该工单的打款里",
    },
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "S4；S2；domain §1.4",
            cases,
            assumption="没有货值与人工费率的数据，补发货值、报损与人工只在写入工单成本时计入",
        ),
    ),
    proofs=(
        Proof(
            name="each payout, parcel and ticket once; money for goods is no cost",
            rows={
                "compensations": (
                    _payout("c1", 10.5, ticket_no="t1"),
                    _payout("c2", 199, kind="refund"),
                    _payout("c3", 5, kind="coupon", paid_at="2026-08-31 00:00:00"),
                    {"comp_id": "c4", "amount": 8, "applied_at": _AT},
                ),
                "shipments": (
                    _parcel("p1", "o1", "return", 8),
                    _parcel("p2", "o1", "resend", 6.5),
                    _parcel("p2", "o2", "resend", 6.5),
                    _parcel("p3", "o1", "out", 5),
                ),
                "tickets": (
                    {"ticket_no": "t1", "closed_at": _AT, "cost": 10.5},
                    {"ticket_no": "t2", "closed_at": _AT, "cost": 30},
                    {"ticket_no": "t3", "closed_at": _AT},
                ),
            },
            window=("2026-08-01", "2026-08-30"),
            expect=Expected(
                numerator=55,
                denominator=4,
                value=55,
                excluded={"paid_in_payout": 1, "price_refunded": 1},
                counted={"c1": True, "c2": False, "p2": True, "t1": False},
            ),
        ),
    ),
)
