"""What is set of a shop: its profile, campaigns, working hours, agents and shifts."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from huisheng.app.web.api.schemas.data import OfShop
from huisheng.app.web.api.schemas.parts import (
    Count,
    NeededName,
    PageNumber,
    YesNo,
    a_day,
    number,
)

LINE = r"^[^\x00\r\n]*$"
CLOCKS = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]$"
INSTANT = (
    r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?"
    r"(Z|[+-][01][0-9]:[0-5][0-9])?$"
)
Line = Annotated[str, Field(max_length=120, pattern=LINE)]
Short = Annotated[str, Field(max_length=60, pattern=LINE)]
Said = Annotated[str, Field(max_length=200, pattern=LINE)]
Block = Annotated[str, Field(pattern=CLOCKS)]
"""A stretch of one day's time: `09:00-18:00`; of a shift, an earlier end is of the day after."""
Instant = Annotated[str, Field(pattern=INSTANT)]
"""An instant as ISO 8601; without an offset it is the shop's local time."""
ADay = Annotated[date, BeforeValidator(a_day), WithJsonSchema({"type": "string", "format": "date"})]
PHASE = Literal["pre", "deposit", "final", "live", "post"]
STACKING = Literal["", "sequential", "parallel"]
ROLE = Literal["human", "supervisor", "robot", "system"]
CHANNEL = Literal["im", "phone", "wechat", "self_service", "review", "ticket"]


class OfVersion(OfShop):
    """Of one shop, as it stood at the version last read: 0 where nothing was set yet."""

    version: Count


class Landed(Schema):
    """What was kept: `landed` says whether the data has it already, else `problem` says why not."""

    landed: bool
    problem: str


class Kept(Landed):
    """What was kept; `version` is what the next change must name."""

    version: int


class DepartmentSet(Schema):
    """Who speaks for a department."""

    id: str
    name: str
    owner: str
    contact: str
    version: int


class ShopSet(Schema):
    """What is said of a shop; `version` is that of the profile, the calendar's too."""

    shop_id: str
    name: str
    platform: str
    category: str
    channels: list[str]
    zone: str
    version: int
    landed: bool
    departments: list[DepartmentSet]


class ProfileGiven(OfVersion):
    """What is to be said of a shop; an unknown platform leaves the one there is."""

    name: Annotated[Short, Field(min_length=1)]
    platform: Short = ""
    category: Short = ""
    channels: Annotated[list[CHANNEL], Field(max_length=6)] = []


class DepartmentGiven(OfVersion):
    """Who is to speak for a department."""

    department: NeededName
    owner: Short = ""
    contact: Line = ""


class StretchShown(Schema):
    """One stretch of a campaign."""

    phase: str
    start: datetime
    end: datetime


class CampaignDraft(Schema):
    """One campaign; `assumed` says that its dates are a proposal and no announcement."""

    id: str
    name: str
    assumed: bool
    source: str
    stack_mode: str
    price_protect_days: int | None
    windows: list[StretchShown]


class CampaignShown(CampaignDraft):
    """One campaign that is set; one ended before its time has its windows cut at `ended_at`."""

    ended_at: datetime | None
    version: int


class CampaignsOffered(Schema):
    """Campaigns that could be set: known ones, and those that imports brought."""

    known: list[CampaignDraft]
    imported: list[CampaignDraft]


class StretchGiven(Schema):
    """One stretch of a campaign."""

    model_config = OfShop.model_config
    phase: PHASE
    start: Instant
    end: Instant


class CampaignGiven(OfVersion):
    """A whole campaign, in place of what was set of it."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_一-鿿.-]{1,64}$")]
    name: Annotated[Short, Field(min_length=1)]
    windows: Annotated[list[StretchGiven], Field(min_length=1, max_length=12)]
    assumed: YesNo = False
    source: Said = ""
    stack_mode: STACKING = ""
    price_protect_days: Annotated[int | None, Field(ge=0, le=365), BeforeValidator(number)] = None


class CampaignNamed(OfShop):
    """One campaign of a shop."""

    id: NeededName


class CampaignEnded(OfVersion):
    """A campaign that ends now, or runs on as planned."""

    id: NeededName
    ended: YesNo


class CalendarShown(Schema):
    """A shop's working hours; those of an office hold where `is_set` is false."""

    shop_id: str
    is_set: bool
    week: dict[str, list[str]]
    holidays: list[str]
    extra_days: list[str]
    version: int
    landed: bool


class WeekGiven(Schema):
    """Working hours by weekday, none on a day off."""

    model_config = OfShop.model_config
    mon: Annotated[list[Block], Field(max_length=8)] = []
    tue: Annotated[list[Block], Field(max_length=8)] = []
    wed: Annotated[list[Block], Field(max_length=8)] = []
    thu: Annotated[list[Block], Field(max_length=8)] = []
    fri: Annotated[list[Block], Field(max_length=8)] = []
    sat: Annotated[list[Block], Field(max_length=8)] = []
    sun: Annotated[list[Block], Field(max_length=8)] = []


class CalendarGiven(OfVersion):
    """All working hours of a shop.

    Days off are written `2026-10-01` or `2026-10-01/2026-10-07`, days worked out of turn
    `2026-10-10` or `2026-10-10 09:00-12:00`.
    """

    week: WeekGiven
    holidays: Annotated[list[Line], Field(max_length=120)] = []
    extra_days: Annotated[list[Line], Field(max_length=120)] = []


class YearOffShown(Schema):
    """The public holidays of one year as they were announced, and the days worked for them."""

    year: int
    source: str
    holidays: list[str]
    extra_days: list[str]


class AgentsAsked(OfShop):
    """The accounts of one shop."""

    page: PageNumber = 1


class AgentShown(Schema):
    """One account that answers buyers; `version` is 0 where only imports know it."""

    agent_id: str
    display_name: str
    account: str
    role: str
    group_name: str
    active: bool
    joined_at: date | None
    version: int


class AgentGiven(Schema):
    """A whole account, in place of what was set of it."""

    model_config = OfShop.model_config
    agent_id: Annotated[Line, Field(min_length=1)]
    version: Count
    display_name: Short = ""
    account: Line = ""
    role: ROLE = "human"
    group_name: Short = ""
    active: YesNo = True
    joined_at: ADay | None = None


class AgentsGiven(OfShop):
    """Accounts to be kept, all or none."""

    agents: Annotated[list[AgentGiven], Field(min_length=1, max_length=200)]


class WeekAsked(OfShop):
    """The week of a day."""

    week: ADay


class ShiftsOfDay(Schema):
    """One agent's shifts that begin on one day."""

    agent_id: str
    day: date
    slots: list[str]


class ShiftsShown(Schema):
    """The shifts of a week; `version` is 0 where only imports know them."""

    shop_id: str
    monday: date
    version: int
    landed: bool
    days: list[ShiftsOfDay]


class ShiftsOfDayGiven(Schema):
    """What is to hold for one agent on one day, none where they are off."""

    model_config = OfShop.model_config
    agent_id: NeededName
    day: ADay
    slots: Annotated[list[Block], Field(max_length=6)]


class ShiftsGiven(OfVersion):
    """Shifts of a week; agents and days that are not named stay as they are."""

    week: ADay
    days: Annotated[list[ShiftsOfDayGiven], Field(min_length=1, max_length=350)]


class WeekCopied(OfVersion):
    """A week that is to be like the one before."""

    week: ADay
