"""What is set of a shop: its campaigns and its working hours."""

from datetime import datetime

from ninja import Schema


class StretchShown(Schema):
    """One stretch of a campaign."""

    phase: str
    start: datetime
    end: datetime


class CampaignShown(Schema):
    """One campaign; `assumed` says that its dates are a proposal and no announcement."""

    id: str
    name: str
    assumed: bool
    windows: list[StretchShown]


class CalendarShown(Schema):
    """A shop's working hours; those of an office hold where `is_set` is false."""

    shop_id: str
    is_set: bool
    week: dict[str, list[str]]
    holidays: list[str]
    extra_days: list[str]
