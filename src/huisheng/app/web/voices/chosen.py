"""Turn what a person typed into shops, days and ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis

from huisheng.app.report import Document
from huisheng.metrics import Facts, Window

MOST_OFFERED = 300
"""Products or agents that a field offers; any other can be typed."""
MOST_MATCHING = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a field offers: what is typed, and what it is called."""

    value: str
    name: str


def period_of(document: Document) -> Window:
    """Return the period of a run, without its zone."""
    span = document["period"]
    return Window(date.fromisoformat(span["start"]), date.fromisoformat(span["end"]), 0)


def window_of(document: Document, facts: Facts, start: object = None, end: object = None) -> Window:
    """Return the days asked for; a missing end is the run's."""
    usual = period_of(document)
    first = start if isinstance(start, date) else usual.start
    last = end if isinstance(end, date) else max(usual.end, first)
    return Window(min(first, last), last, facts.offset_us)


def matching_products(facts: Facts, shops: Sequence[str], typed: str) -> tuple[str, ...]:
    """Return the products whose id is what was typed, or whose title holds it."""
    if not typed:
        return ()
    products = facts.table("products")
    hit = (products.product_id == typed) | products.title.lower().contains(typed.lower())
    rows = products.filter(products.shop_id.isin(shops) & hit).select("product_id").distinct()
    found = facts.engine.arrow(rows.order_by("product_id").limit(MOST_MATCHING))
    return tuple(dict.fromkeys([typed, *found["product_id"].to_pylist()]))


def matching_agents(facts: Facts, shops: Sequence[str], typed: str) -> tuple[str, ...]:
    """Return the agents whose id, account or name is what was typed."""
    if not typed:
        return ()
    agents = facts.table("agents")
    hit = (
        (agents.agent_id == typed) | (agents.display_name == typed) | (agents.account == typed)
    ).fill_null(False)
    rows = agents.filter(agents.shop_id.isin(shops) & hit).select("agent_id").distinct()
    found = facts.engine.arrow(rows.order_by("agent_id").limit(MOST_MATCHING))
    return tuple(dict.fromkeys([typed, *found["agent_id"].to_pylist()]))


def offered_products(facts: Facts, shops: Sequence[str]) -> list[Offer]:
    """Return products to choose from, by title."""
    products = facts.table("products")
    return _offers(facts, products.filter(products.shop_id.isin(shops)), "product_id", "title")


def offered_agents(facts: Facts, shops: Sequence[str]) -> list[Offer]:
    """Return agents to choose from, by name."""
    agents = facts.table("agents")
    return _offers(facts, agents.filter(agents.shop_id.isin(shops)), "agent_id", "display_name")


def _offers(facts: Facts, table: ibis.Table, id_: str, name: str) -> list[Offer]:
    named = table.select(value=table[id_], name=table[name].coalesce(table[id_])).distinct()
    rows = facts.engine.arrow(named.order_by("name", "value").limit(MOST_OFFERED)).to_pylist()
    return [Offer(row["value"], row["name"]) for row in rows]
