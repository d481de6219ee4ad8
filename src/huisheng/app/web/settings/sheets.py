"""What is set here as the sheets that intake reads: canonical columns, one table each."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from huisheng.app.web import library
from huisheng.app.web.settings.models import Agent, Campaign, Shift, ShopProfile
from huisheng.app.web.settings.promotions import stretches
from huisheng.lake import read_columns
from huisheng.worktime import parse_calendar

CALENDAR = "calendar"
"""The key of `shops.config` under which a shop's working calendar stands."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one canonical table as text; an empty cell says nothing."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """Return the sheet as CSV, the same for the same content."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return out.getvalue()


def sheet(shop_id: str, part: str) -> Sheet:
    """Return all that is set of a shop for one lake table; without rows where nothing is.

    `part` is the table's name, for shifts with the week: `agent_shifts/2026-11-16`.
    """
    table, _, monday = part.partition("/")
    return _shifts(shop_id, date.fromisoformat(monday)) if monday else SHEETS[table](shop_id)


def _campaigns(shop_id: str) -> Sheet:
    header = (
        "shop_id", "campaign_id", "name", "phase", "start_at", "end_at", "stack_mode",
        "price_protect_days", "ext",
    )  # fmt: skip
    found = Campaign.objects.filter(shop_id=shop_id)
    return Sheet(header, tuple(row for one in found for row in _campaign(one)))


def _campaign(one: Campaign) -> Iterable[tuple[str, ...]]:
    """Yield one row per stretch; one that is gone has no length, since the lake never forgets."""
    planned, left = stretches(one.windows, None), stretches(one.windows, one.ended_at)
    days = "" if one.price_protect_days is None else str(one.price_protect_days)
    about = {"campaign": one.campaign_id, "assumed": one.assumed}
    for number in range(max(one.most_windows, len(planned)) if planned else 0):
        window = planned[min(number, len(planned) - 1)]
        window = left[number] if number < len(left) else replace(window, end=window.start)
        yield (
            one.shop_id, f"{one.campaign_id}.w{number + 1}" if number else one.campaign_id,
            one.name, window.phase.value, _clock(window.start), _clock(window.end),
            one.stack_mode, days, _json(about),
        )  # fmt: skip


def _shops(shop_id: str) -> Sheet:
    header = ("shop_id", "name", "platform", "category", "work_start", "work_end", "config")
    one = ShopProfile.objects.filter(shop_id=shop_id).first()
    if one is None:
        return Sheet(header, ())
    start, end = _hours(one.calendar)
    config = _config(shop_id, one.calendar)
    row = (shop_id, one.name, one.platform, one.category, start, end, config)
    return Sheet(header, (row,))


def _hours(calendar: Mapping[str, object] | None) -> tuple[str, str]:
    """Return the earliest opening and the latest close of a week, for readers of one block."""
    if calendar is None:
        return "", ""
    blocks = [block for day in parse_calendar(calendar).week for block in day]
    if not blocks:
        return "", ""
    return _hh_mm(min(b.start for b in blocks)), _hh_mm(max(b.end for b in blocks))


def _config(shop_id: str, calendar: Mapping[str, object] | None) -> str:
    """Return the shop's config as the lake has it, with this calendar in place of its own."""
    rows = read_columns(library.workspace(), "shops", ["shop_id", "config"]).to_pylist()
    text = next((row["config"] for row in rows if row["shop_id"] == shop_id), None)
    config: dict[str, object] = json.loads(text) if text else {}
    if calendar is None:
        config.pop(CALENDAR, None)
    else:
        config[CALENDAR] = dict(calendar)
    return _json(config)


def _agents(shop_id: str) -> Sheet:
    header = (
        "shop_id", "agent_id", "account", "display_name", "role", "group_name", "active",
        "joined_at",
    )  # fmt: skip
    rows = tuple(
        (
            shop_id, one.agent_id, one.account, one.display_name, one.role, one.group_name,
            "true" if one.active else "false",
            one.joined_at.isoformat() if one.joined_at else "",
        )
        for one in Agent.objects.filter(shop_id=shop_id)
    )  # fmt: skip
    return Sheet(header, rows)


def _shifts(shop_id: str, monday: date) -> Sheet:
    groups = dict(Agent.objects.filter(shop_id=shop_id).values_list("agent_id", "group_name"))
    found = Shift.objects.filter(week__shop_id=shop_id, week__monday=monday)
    rows = tuple(
        (
            shop_id, one.agent_id, _clock(one.start_at), _clock(one.end_at),
            groups.get(one.agent_id, ""),
        )
        for one in found
    )  # fmt: skip
    return Sheet(("shop_id", "agent_id", "start_at", "end_at", "group_name"), rows)


SHEETS: Mapping[str, Callable[[str], Sheet]] = {
    "campaigns": _campaigns,
    "shops": _shops,
    "agents": _agents,
}


def _clock(instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo(library.workspace().zone))
    return local.strftime("%Y-%m-%d %H:%M:%S")


def _hh_mm(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
