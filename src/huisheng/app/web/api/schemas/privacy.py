"""What is kept of buyers: one found, handed over, erased; and how long all of it is kept."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import BeforeValidator, Field

from huisheng.app.web.api.schemas.parts import NO_NUL, Asked, Count, NeededName, YesNo, number
from huisheng.app.web.jobs.models import State
from huisheng.app.web.privacy.policy import LONGEST_DAYS, RULES

LEAST = {rule.id: rule.least for rule in RULES}


class BuyerAsked(Asked):
    """Which buyer; `value` becomes a pseudonym and is kept nowhere."""

    shop_id: NeededName
    found_by: Literal["nick", "order"]
    value: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class Erasure(Schema):
    """How far the erasure of a buyer is."""

    job_id: int
    state: State
    step: str
    share: float | None
    error: str


class RequestShown(Schema):
    """What one buyer asked for; `counts` are rows by table when they were found."""

    id: int
    shop_id: str
    found_by: str
    asked_by: str
    asked_at: datetime
    counts: dict[str, int]
    exported_at: datetime | None
    erased_at: datetime | None
    erased: dict[str, int]


class RequestWhole(RequestShown):
    """What one buyer asked for, how many rows about them there are now, and their erasure."""

    counts_now: dict[str, int]
    erasure: Erasure | None


class Confirmed(Asked):
    """The word that says one means it: what is erased never comes back."""

    confirmation: Literal["删除"]


class RunLost(Schema):
    """An analysis run that cannot be made again, since an erasure took words out of its data."""

    at: datetime
    data_hash: str
    period: dict[str, str]
    quotes: int


class RuleShown(Schema):
    """How long one kind of data is kept, and what happens then; `foreseen` rows it would touch."""

    id: str
    label: str
    then: str
    days: int
    least: int
    usual: int
    foreseen: int | None


class Retention(Schema):
    """How long things are kept; nothing happens before `on`."""

    on: bool
    rules: list[RuleShown]
    version: int
    changed_by: str
    changed_at: datetime | None
    last_run: int | None


class RetentionAsked(Asked):
    """Whether to count what would be touched today, which takes a while."""

    foreseen: Literal["true", "false"] = "false"


class RetentionDays(Asked):
    """Days per kind of data."""

    chat_text: Annotated[
        int, Field(ge=LEAST["chat_text"], le=LONGEST_DAYS), BeforeValidator(number)
    ]
    survey_answers: Annotated[
        int, Field(ge=LEAST["survey_answers"], le=LONGEST_DAYS), BeforeValidator(number)
    ]
    labels: Annotated[int, Field(ge=LEAST["labels"], le=LONGEST_DAYS), BeforeValidator(number)]
    orders: Annotated[int, Field(ge=LEAST["orders"], le=LONGEST_DAYS), BeforeValidator(number)]
    audit: Annotated[int, Field(ge=LEAST["audit"], le=LONGEST_DAYS), BeforeValidator(number)]


class RetentionGiven(Asked):
    """How long things are to be kept."""

    version: Count
    days: RetentionDays


class RetentionSwitched(Asked):
    """Whether what is old is let go."""

    version: Count
    on: YesNo


class JobMade(Schema):
    """The job that was made."""

    job_id: int
