"""Who asks, who works here, and what was done."""

from datetime import datetime

from ninja import Schema

from huisheng.app.web.accounts.roles import Right
from huisheng.app.web.api.schemas.parts import Paged


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


class Colleague(Person):
    """A person with their roles."""

    is_active: bool
    second_factor: bool
    memberships: list[Membership]


class AuditAsked(Paged):
    """Which lines of the audit."""


class AuditLine(Schema):
    """One thing that somebody did."""

    at: datetime
    person: str
    act: str
    shop_id: str
    about: str
    address: str
