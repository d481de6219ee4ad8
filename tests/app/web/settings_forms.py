"""Forms of the settings as tests fill them in, and what the lake then holds."""

from datetime import datetime
from zoneinfo import ZoneInfo

from huisheng.lake import open_engine

SHANGHAI = ZoneInfo("Asia/Shanghai")
OVERTAKEN = "别人刚刚改过"


def lake(workspace, table, shop="s"):
    engine = open_engine(workspace)
    rows = engine.table(table)
    return engine.arrow(rows.filter(rows.shop_id == shop)).to_pylist()


def us(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()) * 1_000_000


def campaign(*windows, version=0, shop="s", **fields):
    form = {
        "shop": shop, "version": version, "campaign_id": "d11", "name": "双11", "stack_mode": "",
        "price_protect_days": "", "source": "", "w-TOTAL_FORMS": len(windows),
        "w-INITIAL_FORMS": 0, **fields,
    }  # fmt: skip
    for n, (phase, start, end) in enumerate(windows):
        form |= {f"w-{n}-phase": phase, f"w-{n}-start": start, f"w-{n}-end": end}
    return form


DEPOSIT = ("deposit", "2026-10-24T20:00", "2026-10-31T00:00")
LIVE = ("live", "2026-11-11T00:00", "2026-11-12T00:00")


def add(browser, *windows, **fields):
    return browser.post("/settings/campaigns/new", campaign(*windows, **fields))


WEEK = {"mon": "09:00-12:00, 13:30-18:00", "tue": "09:00-18:00"}
MONDAY = "2026-08-10"
AGENT = {
    "shop": "s", "version": 0, "agent_id": "anna", "display_name": "安娜", "account": "店:anna",
    "role": "human", "group_name": "售前组", "joined_at": "2026-03-01", "active": "on",
}  # fmt: skip


def week(version, **cells):
    form = {"shop": "s", "week": MONDAY, "version": version, "agent": list(cells)}
    return form | {f"day-{agent}": days for agent, days in cells.items()}


def weigh(browser, version, value, why="平台公告"):
    form = {"version": version, "value": value, "why": why}
    return browser.post("/settings/assumptions/ww_satisfaction_weight", form)
