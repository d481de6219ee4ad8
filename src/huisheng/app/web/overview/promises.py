"""What the shop promised for one day and has not yet done: parcels, tickets, refunds, balances."""

from dataclasses import dataclass

import ibis

from huisheng.metrics import Facts, Window

SHOWN = 5
CLOSED = "交易关闭"


@dataclass(frozen=True, slots=True)
class Promise:
    """One kind of promise of one shop.

    Attributes:
        due: how many fall due on the day.
        late: how many fell due before and are still open.
        ids: some of them, the oldest first.
    """

    shop_id: str
    label: str
    due: int
    late: int
    ids: tuple[str, ...]


def promises(facts: Facts, day: Window, shops: list[str]) -> list[Promise]:
    """Return the open promises of some shops by the end of `day`; kinds without any are left out.

    What the data does not know to be done counts as open, so it is as good as the last import.
    """
    orders, refunds = facts.table("orders"), facts.table("refunds")
    open_order = orders.closed_at.isnull() & (orders.status.fill_null("") != CLOSED)
    unsent = orders.filter(open_order & orders.paid_at.notnull() & orders.shipped_at.isnull())
    # A paid-back order is nobody's promise any more; platform exports may leave it open.
    paid_back = refunds.filter(refunds.status == "success").select("shop_id", "order_no")
    sent = facts.table("shipments").filter(ibis._.direction.fill_null("out") == "out")
    kept = sent.filter(sent.shipped_at.notnull()).select("shop_id", "order_no")
    unsent = unsent.anti_join(paid_back.union(kept), ["shop_id", "order_no"])
    owed = orders.filter(
        open_order & orders.deposit_paid_at.notnull() & orders.final_paid_at.isnull()
    )
    tickets = facts.table("tickets")
    kinds = (
        ("答应今天前发出的订单", unsent, "promised_ship_at", "order_no"),
        ("今天截止付尾款的预售单", owed, "final_due_to", "order_no"),
        ("今天到期的工单", tickets.filter(tickets.closed_at.isnull()), "due_at", "ticket_no"),
        ("今天超时会自动退款的售后单", refunds.filter(refunds.finish_at.isnull()),
         "timeout_at", "refund_no"),
    )  # fmt: skip
    return [
        promise
        for label, rows, due_at, key in kinds
        for promise in _open(facts, rows.filter(rows.shop_id.isin(shops)), label, due_at, key, day)
    ]


def _open(
    facts: Facts, rows: ibis.Table, label: str, due_at: str, key: str, day: Window
) -> list[Promise]:
    until = rows.filter(rows[due_at] < day.end_us)
    sums = until.group_by("shop_id").aggregate(
        due=(until[due_at] >= day.start_us).cast("int64").sum(),
        late=(until[due_at] < day.start_us).cast("int64").sum(),
    )
    counted = facts.engine.arrow(sums.order_by("shop_id")).to_pylist()
    return [
        Promise(
            row["shop_id"],
            label,
            int(row["due"]),
            int(row["late"]),
            _some(facts, until.filter(until.shop_id == row["shop_id"]), due_at, key),
        )
        for row in counted
    ]


def _some(facts: Facts, rows: ibis.Table, due_at: str, key: str) -> tuple[str, ...]:
    oldest = rows.order_by(due_at, key).limit(SHOWN).select(key)
    return tuple(facts.engine.arrow(oldest)[key].to_pylist())
