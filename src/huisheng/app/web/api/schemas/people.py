"""Who asks, who works here, and what was done."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas.parts import (
    LARGEST,
    Asked,
    Name,
    Named,
    NeededName,
    Paged,
    RowNumber,
    YesNo,
    whole,
)
from huisheng.app.web.audit.models import Act

SPACELESS = r"^[^\x00\s]([^\x00]*[^\x00\s])?$"
ROLE = Literal[
    "owner", "manager", "supervisor", "qa", "agent", "trainer", "department", "supplier", "reader"
]
LoginName = Annotated[str, Field(max_length=150, pattern=SPACELESS)]
UserAsked = Annotated[
    int | None,
    Field(ge=1, le=LARGEST),
    BeforeValidator(whole),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST}),
]
"""A person's number that need not be given; an address has no way to write that there is none."""
PersonName = Annotated[str, Field(max_length=60, pattern=SPACELESS)]


class Person(Schema):
    """Somebody who signs in."""

    id: int
    username: str
    name: str


class TokenShown(Schema):
    """The token that a request came with."""

    name: str
    prefix: str
    rights: list[Right]
    expires_at: datetime


class ShopRights(Schema):
    """A shop, and what the token may do there now."""

    shop_id: str
    name: str
    role: str
    rights: list[Right]


class Me(Schema):
    """Who asks, and what they may do where."""

    person: Person
    token: TokenShown
    shops: list[ShopRights]


class Membership(Schema):
    """A person's role in one shop, `*` for all."""

    shop_id: str
    role: str
    department: str
    agent_id: str
    carrier: str


class PeopleAsked(Paged):
    """Which people: whose name or account holds some words, of a role, still here or gone."""

    q: Annotated[str, Field(max_length=60, pattern="^[^\\x00]*$")] = ""
    role: ROLE | Literal[""] = ""
    active: Literal["", "true", "false"] = ""


class Colleague(Person):
    """A person with their roles; `version` is what a change must name."""

    is_active: bool
    second_factor: bool
    memberships: list[Membership]
    version: int


class Session(Schema):
    """One place where a person is signed in."""

    device: str
    address: str
    since: datetime | None
    until: datetime


class ColleagueShown(Colleague):
    """A person; sessions are told to who governs them wholly."""

    governed: bool
    sessions: list[Session]


class KnownAgent(Schema):
    """An account that answers buyers in a shop."""

    shop_id: str
    agent_id: str
    name: str


class PlacesOffered(Schema):
    """What people can be given."""

    shops: list[Named]
    roles: list[Named]
    departments: list[Named]
    agents: list[KnownAgent]


class PlainPlace(Asked):
    """A role in one shop, `*` for all, that nothing narrows."""

    role: Literal["owner", "manager", "supervisor", "qa", "trainer", "reader"]
    shop_id: NeededName


class AgentPlace(Asked):
    """An agent's own conversations in one shop."""

    role: Literal["agent"]
    shop_id: NeededName
    agent_id: Annotated[str, Field(max_length=120, pattern=SPACELESS)]


class DepartmentPlace(Asked):
    """What is one department's to mend."""

    role: Literal["department"]
    shop_id: NeededName
    department: NeededName


class SupplierPlace(Asked):
    """What is one supplier's to mend."""

    role: Literal["supplier"]
    shop_id: NeededName
    department: NeededName
    carrier: Annotated[str, Field(max_length=60, pattern="^[^\\x00]*$")] = ""


PlaceGiven = Annotated[
    PlainPlace | AgentPlace | DepartmentPlace | SupplierPlace, Field(discriminator="role")
]


class PersonGiven(Asked):
    """Somebody to be added."""

    username: LoginName
    name: PersonName
    places: Annotated[list[PlaceGiven], Field(min_length=1, max_length=20)]


class PeopleGiven(Asked):
    """People to be added, all or none; a preview adds nobody."""

    people: Annotated[list[PersonGiven], Field(min_length=1, max_length=100)]
    preview: YesNo = False


class RowJudged(Schema):
    """What is wrong with one place of one person of a list, nothing where it is faultless."""

    username: str
    shop_id: str
    problems: list[str]


class ListJudged(Schema):
    """A list of people: what is wrong with it, and whom it added."""

    rows: list[RowJudged]
    added: list[Person]


class PersonChanged(Asked):
    """A name, places, or both; what is not named stays. Places replace all that one governs."""

    version: RowNumber
    name: PersonName | None = None
    places: Annotated[list[PlaceGiven] | None, Field(max_length=20)] = None


class LetIn(Asked):
    """Whether somebody may sign in."""

    active: YesNo


class SessionsEnded(Schema):
    """How many sessions ended."""

    ended: int


class AuditAsked(Paged):
    """Which lines of the audit: whose, of what kind, of which shop, how many days, what words."""

    user_id: UserAsked = None
    act: Act | Literal[""] = ""
    shop_id: Name = ""
    days: Literal["7", "30", "90", "365", "all"] = "all"
    q: Annotated[str, Field(max_length=60, pattern="^[^\\x00]*$")] = ""


class AuditLine(Schema):
    """One thing that somebody did."""

    at: datetime
    person: str
    act: str
    shop_id: str
    about: str
    address: str


class ViewerShown(Schema):
    """How much somebody looked at and took away in the last seven days, and in those before."""

    user_id: int
    name: str
    looked: int
    exported: int
    before: int
