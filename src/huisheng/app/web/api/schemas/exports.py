"""Tables taken along: asked for, decided on, fetched."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from ninja import Schema
from pydantic import Field

from huisheng.app.web.api.schemas.parts import NO_NUL, Asked, Name, NeededName
from huisheng.app.web.exports.models import ExportState
from huisheng.app.web.exports.sources import SOURCES
from huisheng.app.web.exports.writing import FORMATS

Source = StrEnum("Source", {name: name for name in SOURCES})  # type: ignore[misc]
Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
Said = Annotated[str, Field(max_length=300, pattern=NO_NUL)]


class ExportAsked(Asked):
    """Which table, narrowed as the address of its page would, as what file, and what for."""

    source: Source
    format: Format = Format("csv")
    query: Annotated[dict[NeededName, Name], Field(max_length=30)] = {}
    reason: Said = ""


class Answered(Asked):
    """Yes or no, and why."""

    allow: bool
    answer: Said = ""


class ExportShown(Schema):
    """One file that somebody takes along, or asks to; `ready` says whether it may be fetched."""

    id: int
    title: str
    source: str
    format: str
    shops: list[str]
    rows: int
    customers: int
    reason: str
    state: ExportState
    ready: bool
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str
    file_hash: str
    taken_at: datetime | None
