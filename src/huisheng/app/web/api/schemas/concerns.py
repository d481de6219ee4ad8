"""The merchant's own concerns, and the changes that made them."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from huisheng.app.web.api.schemas.parts import NO_NUL, Asked, Count

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Lines = Annotated[list[Line], Field(max_length=50)]
Id = Annotated[str, Field(pattern=r"^K[0-9]{3,6}$")]


class ConcernGiven(Asked):
    """A concern: its words as on the page, one pattern each; `id` only where one is changed."""

    id: Id | Literal[""] = ""
    label: Annotated[str, Field(min_length=1, max_length=20, pattern=NO_NUL)]
    aspect: Annotated[str, Field(max_length=10, pattern=NO_NUL)]
    words: Lines = []
    examples: Lines = []
    unlike: Lines = []
    categories: Lines = []


class ConcernsChange(Asked):
    """One change of the concerns; `edition` is the one it was made looking at."""

    act: Literal["add", "change", "split", "merge", "retire"]
    concerns: Annotated[list[ConcernGiven], Field(max_length=20)] = []
    of: Annotated[list[Id], Field(max_length=20)] = []
    why: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    edition: Count


class ConcernShown(Schema):
    """A concern in use."""

    id: str
    label: str
    aspect: str
    words: list[str]
    examples: list[str]
    unlike: list[str]
    categories: list[str]


class ConcernStep(Schema):
    """One change on record."""

    edition: int
    act: str
    by: str
    at: str
    why: str
    of: list[str]
    made: list[str]


class Concerns(Schema):
    """The concerns of the newest edition; numbers follow `labelled` until the next analysis."""

    edition: int
    labelled: int
    concerns: list[ConcernShown]
    changes: list[ConcernStep]
