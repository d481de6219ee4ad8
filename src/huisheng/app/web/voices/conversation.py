"""One conversation with all that belongs to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import ibis

from huisheng.app.web.voices.orders import OrderCard, Row, order_card
from huisheng.app.web.voices.part import Part
from huisheng.metrics import Facts
from huisheng.records import all_tables

MOST_LINES = 500
"""Lines of one page of a conversation."""
MOST_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another conversation of the same customer."""

    conv_id: str
    at: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is stored, masked.

    `given` holds nothing but None where a source gave lines without a conversation; `total` counts
    all lines, of which `lines` are one page, in the order in which they were said.
    """

    shop_id: str
    conv_id: str
    given: Row
    lines: list[Row]
    total: int
    order: OrderCard | None
    ratings: list[Row]
    tickets: list[Row]
    before: Neighbour | None
    after: Neighbour | None


def read_conversation(
    facts: Facts, shop_id: str, conv_id: str, page: int, agent_id: str | None
) -> Conversation | None:
    """Return page `page` (from 1) of a conversation; None where there is none.

    With an `agent_id`, None too where that agent took no part, and neighbours are that agent's.
    """
    given, lines = _given(facts, shop_id, conv_id), _lines(facts, shop_id, conv_id)
    if not (given or lines):
        return None
    if agent_id is not None and not took_part(agent_id, given, lines):
        return None
    link = _order_link(facts, shop_id, conv_id, given, lines)
    before, after = _neighbours(facts, shop_id, conv_id, given, agent_id)
    first = MOST_LINES * (page - 1)
    return Conversation(
        shop_id=shop_id,
        conv_id=conv_id,
        given=given or dict.fromkeys(all_tables()["conversations"].schema.names),
        lines=lines[first : first + MOST_LINES],
        total=len(lines),
        order=order_card(facts, shop_id, str(link[0]), link[1]) if link else None,
        ratings=_of_conversation(facts, "session_ratings", shop_id, conv_id),
        tickets=_of_conversation(facts, "tickets", shop_id, conv_id),
        before=before,
        after=after,
    )


def agent_took_part(facts: Facts, shop_id: str, conv_id: str, agent_id: str) -> bool:
    """Return whether an agent spoke in a conversation or was named as its agent."""
    given, lines = _given(facts, shop_id, conv_id), _lines(facts, shop_id, conv_id)
    return took_part(agent_id, given, lines)


def took_part(agent_id: str, given: Row, lines: Sequence[Row]) -> bool:
    """Return whether an agent is among those of a conversation; nobody is an agent without id."""
    named = {given.get("first_agent_id"), given.get("last_agent_id")}
    named |= {line["agent_id"] for line in lines}
    return bool(agent_id) and agent_id in named


def _given(facts: Facts, shop_id: str, conv_id: str) -> Row:
    rows = _of_conversation(facts, "conversations", shop_id, conv_id)
    return rows[0] if rows else {}


def _lines(facts: Facts, shop_id: str, conv_id: str) -> list[Row]:
    messages = facts.table("messages")
    own = messages.filter((messages.shop_id == shop_id) & (messages.conv_id == conv_id))
    ordered = own.order_by(own.sent_at.asc(nulls_first=False), own.seq, own.msg_id)
    found: list[Row] = facts.engine.arrow(ordered).to_pylist()
    return found


def _of_conversation(facts: Facts, table: str, shop_id: str, conv_id: str) -> list[Row]:
    rows = facts.table(table)
    own = rows.filter((rows.shop_id == shop_id) & (rows.conv_id == conv_id))
    found: list[Row] = facts.engine.arrow(own.limit(MOST_RECORDS)).to_pylist()
    return sorted(found, key=lambda row: int(str(row["source_row"] or 0)))


def _order_link(
    facts: Facts, shop_id: str, conv_id: str, given: Row, lines: Sequence[Row]
) -> tuple[str, int] | None:
    """Return the order that the relation session_orders links, and how sure the link is."""
    if given.get("order_no"):
        return str(given["order_no"]), 1
    customer = str(given.get("customer_key") or "")
    typed = sorted({number for line in lines for number in numbers_in(line["order_nos"])})
    if not (customer or typed):
        return None

    def of_conversation(table: ibis.Table) -> ibis.Table:
        return table.filter((table.shop_id == shop_id) & (table.conv_id == conv_id))

    def candidates(orders: ibis.Table) -> ibis.Table:
        theirs = (orders.customer_key == customer) | orders.order_no.isin(typed)
        return orders.filter((orders.shop_id == shop_id) & theirs)

    keep = dict.fromkeys(("conversations", "messages"), of_conversation) | {"orders": candidates}
    links = Facts(Part(facts.engine, keep)).relation("session_orders")
    rows = facts.engine.arrow(links).to_pylist()
    return (rows[0]["order_no"], rows[0]["link"]) if rows else None


def numbers_in(cell: object) -> list[str]:
    """Return the numbers in a JSON list of them; none where it is none."""
    try:
        found = json.loads(str(cell or "[]"))
    except ValueError:
        return []
    return [str(number) for number in found] if isinstance(found, list) else []


def _neighbours(
    facts: Facts, shop_id: str, conv_id: str, given: Row, agent_id: str | None
) -> tuple[Neighbour | None, Neighbour | None]:
    customer, started = given.get("customer_key"), given.get("started_at")
    if not customer or started is None:
        return None, None
    talks = facts.table("conversations")
    others = talks.filter(
        (talks.shop_id == shop_id) & (talks.customer_key == customer)
        & (talks.conv_id != conv_id) & talks.started_at.notnull()
    )  # fmt: skip
    if agent_id is not None:
        others = others.filter(
            (others.first_agent_id == agent_id) | (others.last_agent_id == agent_id)
        )
    rows = facts.engine.arrow(others.select("conv_id", "started_at")).to_pylist()
    here = (int(str(started)), conv_id)
    ordered = sorted((row["started_at"], row["conv_id"]) for row in rows)
    earlier = [place for place in ordered if place < here]
    later = [place for place in ordered if place > here]
    return (
        Neighbour(earlier[-1][1], earlier[-1][0]) if earlier else None,
        Neighbour(later[0][1], later[0][0]) if later else None,
    )
