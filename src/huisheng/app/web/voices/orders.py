"""What became of an order: what it held, where its parcels are, what was paid back."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis

from huisheng.metrics import Facts

Row = dict[str, object]
LINKED_BY = {
    1: "会话记录里带着的订单",
    2: "买家在聊天里发过单号",
    3: "同一位顾客 15 天内最近的一单",
}
"""How sure it is that a conversation is about an order (relation session_orders)."""


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One order with its items, parcels (each with its latest event), refunds and reviews."""

    order_no: str
    order: Row
    items: list[Row]
    parcels: list[Row]
    refunds: list[Row]
    reviews: list[Row]
    linked_by: str


def order_card(facts: Facts, shop_id: str, order_no: str, link: int | None = None) -> OrderCard:
    """Return what is known of an order; `order` is empty where only others name it."""
    found = _rows(facts, "orders", shop_id, "order_no", order_no)
    parcels = _rows(facts, "shipments", shop_id, "order_no", order_no)
    latest = _latest_events(facts, shop_id, [str(row["tracking_no"]) for row in parcels])
    return OrderCard(
        order_no=order_no,
        order=found[0] if found else {},
        items=_rows(facts, "order_items", shop_id, "order_no", order_no),
        parcels=[row | {"latest": latest.get(str(row["tracking_no"]))} for row in parcels],
        refunds=_rows(facts, "refunds", shop_id, "order_no", order_no),
        reviews=_rows(facts, "reviews", shop_id, "order_no", order_no),
        linked_by=LINKED_BY.get(link or 0, ""),
    )


def _rows(facts: Facts, table: str, shop_id: str, column: str, value: str) -> list[Row]:
    rows = facts.table(table)
    rows = rows.filter((rows.shop_id == shop_id) & (rows[column] == value))
    return sorted(facts.engine.arrow(rows).to_pylist(), key=lambda row: row["source_row"] or 0)


def _latest_events(facts: Facts, shop_id: str, tracking_nos: Sequence[str]) -> dict[str, Row]:
    if not tracking_nos:
        return {}
    events = facts.table("shipment_events")
    events = events.filter(
        (events.shop_id == shop_id) & events.tracking_no.isin(sorted(set(tracking_nos)))
    )
    latest_first = [events.time.desc(), events.seq.desc()]
    newest = ibis.window(group_by=events.tracking_no, order_by=latest_first)
    placed = events.mutate(place=ibis.row_number().over(newest))
    rows = facts.engine.arrow(placed.filter(placed.place == 0)).to_pylist()
    return {row["tracking_no"]: row for row in rows}
