"""Group robots, as far as programs may know them: never their addresses and secrets."""

from datetime import datetime

from ninja import Schema

from huisheng.app.web.api.schemas.parts import Asked, Count, YesNo


class ChannelShown(Schema):
    """A robot and what it is told; `is_well` is how its last message fared, null before any."""

    id: int
    name: str
    platform: str
    shown: str
    has_secret: bool
    shops: list[str]
    subjects: list[str]
    weekday: int
    hour: int
    is_on: bool
    is_well: bool | None
    last_result: str
    made_at: datetime
    version: int


class ChannelSwitched(Asked):
    """Whether a robot is to be told anything."""

    is_on: YesNo
    version: Count


class ChannelTried(Schema):
    """The message that was sent to try it has been taken."""

    sent: bool
