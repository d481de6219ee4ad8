"""When each shop works: the calendar in `shops.config`, set on a page or imported."""

import json
from collections.abc import Mapping

from huisheng.errors import DefinitionError
from huisheng.lake import Engine
from huisheng.worktime import Block, Calendar, parse_calendar

CALENDAR = "calendar"
"""The key of `shops.config` that holds what `worktime.parse_calendar` reads."""

_OFFICE_DAY = (Block(9 * 3600, 18 * 3600),)
OFFICE_HOURS = Calendar(week=(_OFFICE_DAY,) * 5 + ((),) * 2)
"""What is assumed of a shop that has set no calendar."""


def shop_calendars(engine: Engine) -> Mapping[str, Calendar]:
    """Return the calendars of the shops that have a readable one, by shop."""
    shops = engine.table("shops")
    rows = engine.arrow(shops.filter(shops.config.notnull()).select("shop_id", "config"))
    found = {row["shop_id"]: _calendar(row["config"]) for row in rows.to_pylist()}
    return {shop_id: calendar for shop_id, calendar in found.items() if calendar is not None}


def _calendar(config: str) -> Calendar | None:
    """Return the calendar of a config; None without one, or where an import broke it."""
    try:
        content = json.loads(config)
        written = content.get(CALENDAR) if isinstance(content, dict) else None
        return parse_calendar(written) if isinstance(written, dict) else None
    except (ValueError, DefinitionError):
        return None
