"""The weekly letter: where it goes, when, and through which server."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field

from huisheng.app.web.api.schemas.parts import Asked, Count, number

HOST = r"^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$"
ADDRESS = r"^[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*@([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,10}$"
Address = Annotated[str, Field(max_length=100, pattern=ADDRESS)]
Host = Annotated[str, Field(max_length=200, pattern=HOST)]


class DigestShown(Schema):
    """The letter's settings; `last_result` says how the last one went."""

    on: bool
    host: str
    port: int
    security: str
    username: str
    has_password: bool
    sender: str
    recipients: list[str]
    weekday: int
    hour: int
    last_result: str
    version: int


class _Digest(Asked):
    port: Annotated[int, Field(ge=1, le=65535), BeforeValidator(number)]
    security: Literal["ssl", "starttls", "none"]
    username: Annotated[str, Field(max_length=200, pattern=r"^[^\x00\r\n]*$")] = ""
    weekday: Annotated[int, Field(ge=0, le=6), BeforeValidator(number)] = 0
    hour: Annotated[int, Field(ge=0, le=23), BeforeValidator(number)] = 9
    version: Count


class DigestOn(_Digest):
    """A letter every week, on `weekday` (0 is Monday) once `hour` has come."""

    switch: Literal["on"]
    host: Host
    sender: Address
    recipients: Annotated[list[Address], Field(min_length=1, max_length=50)]


class DigestOff(_Digest):
    """No letter; what is set stays for later."""

    switch: Literal["off"]
    host: Host | Literal[""] = ""
    sender: Address | Literal[""] = ""
    recipients: Annotated[list[Address], Field(max_length=50)] = []


DigestGiven = Annotated[DigestOn | DigestOff, Field(discriminator="switch")]


class LetterSent(Schema):
    """To how many the letter went."""

    recipients: int
