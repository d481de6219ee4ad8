"""The shops, departments and agents that people are given a place in."""

from collections.abc import Mapping
from dataclasses import dataclass

from huisheng.app.web import library
from huisheng.app.web.accounts.access import Access
from huisheng.app.web.accounts.models import Membership
from huisheng.app.web.accounts.roles import Right
from huisheng.language import taxonomy

EVERY_SHOP = "所有店铺"


@dataclass(frozen=True, slots=True)
class Places:
    """What a person can be given: shops and departments by id, agents of each shop by id.

    The shops include `*` for somebody who may speak for every shop. `agents` has no entry for a
    shop whose agents are not known.
    """

    shops: Mapping[str, str]
    departments: Mapping[str, str]
    agents: Mapping[str, Mapping[str, str]]

    def agents_in(self, shop_id: str) -> dict[str, str]:
        """Return the known agents of a shop, of all for `*`."""
        if shop_id != Membership.ALL_SHOPS:
            return dict(self.agents.get(shop_id, {}))
        return {id_: name for known in self.agents.values() for id_, name in known.items()}

    @property
    def all_agents(self) -> dict[str, str]:
        """Return every known agent."""
        return self.agents_in(Membership.ALL_SHOPS)


def places_of(access: Access) -> Places:
    """Return where somebody may give people a place."""
    shops = known_shops()
    allowed = access.shops_with(Right.MANAGE_PEOPLE, shops)
    every = {Membership.ALL_SHOPS: EVERY_SHOP}
    everywhere = every if access.may(Right.MANAGE_PEOPLE, Membership.ALL_SHOPS) else {}
    named = {shop_id: shops[shop_id] for shop_id in allowed}
    departments = {id_: one.label for id_, one in taxonomy().departments.items()}
    return Places(everywhere | named, departments, known_agents(allowed))


def known_shops() -> dict[str, str]:
    """Return the names of the shops that have facts, by id."""
    with library.facts() as facts:
        rows = facts.engine.arrow(facts.table("shops").select("shop_id", "name")).to_pylist()
        names = {row["shop_id"]: row["name"] for row in rows}
        ids = {*names, *facts.engine.shops("import_batches"), *facts.engine.shops("orders")}
        ids |= facts.engine.shops("conversations")
    return {id_: names.get(id_) or id_ for id_ in sorted(ids)}


def known_agents(shop_ids: list[str]) -> dict[str, dict[str, str]]:
    """Return the agents of some shops, by shop and id: those listed and those who received."""
    with library.facts() as facts:
        listed = facts.table("agents").select("shop_id", "agent_id", name="display_name")
        talks = facts.table("conversations")
        received = talks.select("shop_id", agent_id="first_agent_id").distinct()
        rows = facts.engine.arrow(received).to_pylist() + facts.engine.arrow(listed).to_pylist()
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["shop_id"] in shop_ids and row["agent_id"]:
            name = row.get("name") or row["agent_id"]
            found.setdefault(row["shop_id"], {})[row["agent_id"]] = name
    return found
