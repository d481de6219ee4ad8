"""What holds for all shops: assumptions of metrics, and whether words may leave."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field

from huisheng.app.web.api.schemas.parts import NO_NUL, Asked, Count, number

Why = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]


class AssumptionStep(Schema):
    """One change of an assumption; a null value is the return to the default."""

    at: datetime
    by: str
    value: float | None
    why: str


class AssumptionShown(Schema):
    """A number that no source settles: what holds, and within which bounds it may be changed."""

    id: str
    label: str
    metric: str
    source: str
    value: int
    default: int
    least: int
    most: int
    version: int
    history: list[AssumptionStep]


class Assumptions(Schema):
    """Every assumption; `published` says whether the numbers use what is set."""

    published: bool
    assumptions: list[AssumptionShown]


class AssumptionGiven(Asked):
    """What is to be assumed from now on, and why; null is the default, and needs no reason."""

    value: Annotated[int | None, Field(ge=0, le=1_000_000), BeforeValidator(number)]
    why: Annotated[str, Field(max_length=300, pattern=NO_NUL)] = ""
    version: Count


class Published(Schema):
    """Whether the numbers use what is set, and why not where they do not."""

    published: bool
    problem: str


class AssumptionKept(Published):
    """What was kept; `version` is what the next change must name."""

    version: int


class LanguageModelShown(Schema):
    """Whether words may go to a language model, who said so and why."""

    on: bool
    endpoint: str
    model: str
    daily_requests: int
    daily_tokens: int
    requests_today: int
    tokens_today: int
    obstacles: list[str]
    problem: str
    why: str
    at: datetime | None
    by: str
    version: int


class LanguageModelOn(Asked):
    """Words may go to this address."""

    switch: Literal["on"]
    endpoint: Annotated[
        str,
        Field(
            max_length=300,
            pattern=r"^https://[A-Za-z0-9]([A-Za-z0-9.-]{0,200}[A-Za-z0-9])?(/[A-Za-z0-9._~/-]*)?$",
        ),
    ]
    model: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$")]
    daily_requests: Annotated[int, Field(ge=1, le=10_000)] = 200
    daily_tokens: Annotated[int, Field(ge=1, le=50_000_000)] = 1_000_000
    why: Why
    version: Count


class LanguageModelOff(Asked):
    """Words stay here."""

    switch: Literal["off"]
    why: Why
    version: Count


LanguageModelGiven = Annotated[LanguageModelOn | LanguageModelOff, Field(discriminator="switch")]
