"""What is read off each morning: platform scores, the meeting's page, promotions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from ninja import Schema
from pydantic import Field

from huisheng.app.analysis import SCORE_LABELS
from huisheng.app.web.api.schemas.overview import DayChange, StuckPointShown, Tip
from huisheng.app.web.api.schemas.parts import Asked, Day, Name, NeededName
from huisheng.app.web.api.schemas.settings import ADay

# Mypy wants the members written out; they stand where the labels do.
ScoreId = StrEnum("ScoreId", {name: name for name in SCORE_LABELS})  # type: ignore[misc]
Reading = Annotated[float, Field(ge=0, le=1000, strict=True, allow_inf_nan=False)]


class ScoreShown(Schema):
    """One score of one day as it was read off; `target` is what the shop wants to reach."""

    shop_id: str
    score_id: str
    label: str
    taken_on: date
    score: float
    target: float | None


class ScoreGiven(Asked):
    """One score read off the platform's page; one of the same day takes its place."""

    shop_id: NeededName
    score_id: ScoreId
    taken_on: ADay
    score: Reading
    target: Reading | None = None


class PromiseShown(Schema):
    """A kind of promise: how many fall due on the day, how many are late, some of their ids."""

    shop_id: str
    label: str
    due: int
    late: int
    ids: list[str]


class Briefing(Schema):
    """The page of the morning meeting."""

    day: date
    points: list[StuckPointShown]
    changes: list[DayChange]
    promises: list[PromiseShown]
    tips: list[Tip]


class PhaseShown(Schema):
    """One window of a promotion."""

    name: str
    begin: datetime
    end: datetime


class PromotionShown(Schema):
    """A promotion of one shop."""

    shop_id: str
    name: str
    begin: datetime
    opens: datetime
    end: datetime
    phases: list[PhaseShown]


class PromotionsAsked(Asked):
    """Promotions of one shop, of all where none is named."""

    shop_id: Name = ""


class PromotionAsked(Asked):
    """One promotion of a shop, the latest of its name where no day of its beginning is named."""

    shop_id: NeededName
    name: NeededName
    start: Day = None


class MeasureBeside(Schema):
    """A measure since the promotion opened, and at the same moment of the others.

    Money is in yuan; `others` are in the order of the promotion's, null without data.
    """

    label: str
    is_money: bool
    now: float
    others: list[float | None]


class PresaleFunnel(Schema):
    """Presale orders by how far they came, and what was paid in yuan."""

    deposits: int
    finals: int
    shipped: int
    received: int
    deposit_cny: float
    final_cny: float


class PromotionWhole(PromotionShown):
    """A promotion by its first `hours`, beside the same hours of `others`."""

    countdown: str
    hours: int
    others: list[str]
    measures: list[MeasureBeside]
    funnel: PresaleFunnel | None
