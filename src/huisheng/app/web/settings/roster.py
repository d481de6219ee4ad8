"""Who answers: the accounts set here, and those that imports know besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from huisheng.app.web import library
from huisheng.app.web.settings.models import Agent
from huisheng.app.web.settings.saving import change

UNGROUPED = "未分组"
"""Written where a group is taken away: an empty cell would leave the old one standing."""


@dataclass(frozen=True, slots=True)
class Person:
    """One account; `version` is 0 where only imports know it."""

    agent_id: str
    display_name: str
    account: str
    role: str
    group_name: str
    active: bool
    joined_at: date | None
    version: int = 0

    @property
    def name(self) -> str:
        """Return how pages call the account."""
        return self.display_name or self.agent_id


def people_of(shop_id: str) -> list[Person]:
    """Return a shop's accounts by group and name, the robots last."""
    mine = {row.agent_id: _set(row) for row in Agent.objects.filter(shop_id=shop_id)}
    known = {person.agent_id: person for person in _imported(shop_id)}
    found = (known | mine).values()
    return sorted(found, key=lambda p: (p.role == "robot", p.group_name, p.name))


def on_duty(shop_id: str) -> list[Person]:
    """Return the accounts of people who work there now."""
    return [p for p in people_of(shop_id) if p.active and p.role in ("human", "supervisor")]


def save_all(shop_id: str, people: Iterable[Person]) -> None:
    """Keep many accounts, each as the version that it carries, or none of them.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    with transaction.atomic():
        for person in people:
            _save(shop_id, person)


def _save(shop_id: str, person: Person) -> None:
    values: dict[str, object] = {
        "display_name": person.display_name,
        "account": person.account,
        "role": person.role,
        "group_name": person.group_name or UNGROUPED,
        "active": person.active,
        "joined_at": person.joined_at,
    }
    change(Agent, {"shop_id": shop_id, "agent_id": person.agent_id}, person.version, values)


def _set(row: Agent) -> Person:
    return Person(
        row.agent_id,
        row.display_name,
        row.account,
        row.role,
        row.group_name,
        row.active,
        row.joined_at,
        row.version,
    )


def _imported(shop_id: str) -> list[Person]:
    with library.facts() as facts:
        rows = facts.table("agents")
        rows = rows.filter((rows.shop_id == shop_id) & (rows.agent_id != ""))
        found = facts.engine.arrow(rows).to_pylist()
    return [
        Person(
            row["agent_id"],
            row["display_name"] or "",
            row["account"] or "",
            row["role"] or "human",
            row["group_name"] or "",
            row["active"] is not False,
            date.fromisoformat(row["joined_at"]) if row["joined_at"] else None,
        )
        for row in found
    ]
