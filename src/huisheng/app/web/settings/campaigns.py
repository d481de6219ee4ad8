"""The campaigns of a shop: read, proposed, saved, ended, taken over from imports."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import yaml
from django.db import transaction

from huisheng.app.web import library
from huisheng.app.web.settings import models, promotions
from huisheng.app.web.settings.promotions import Phase, Stretch, stretches
from huisheng.app.web.settings.saving import change

IMPORTED = "导入的资料"


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign that could be added, as its form would show it.

    Attributes:
        assumed: its dates are a proposal of ours.
        notes: what is known or supposed about it, one sentence each.
    """

    id: str
    name: str
    windows: tuple[Stretch, ...]
    source: str
    assumed: bool
    notes: tuple[str, ...] = ()
    stack_mode: str = ""
    price_protect_days: int | None = None


def campaigns_of(shop_id: str) -> tuple[promotions.Campaign, ...]:
    """Return a shop's campaigns as they are set here, earliest first; see `promotions`."""
    found = [
        promotions.Campaign(one.shop_id, one.campaign_id, one.name, windows, one.assumed)
        for one in models.Campaign.objects.filter(shop_id=shop_id)
        for windows in [stretches(one.windows, one.ended_at)]
        if windows
    ]
    return tuple(sorted(found, key=lambda campaign: (campaign.start, campaign.id)))


def proposals(shop_id: str, today: datetime) -> list[Draft]:
    """Return what could be added: the known campaigns, and those of every year."""
    mine = set(
        models.Campaign.objects.filter(shop_id=shop_id).values_list("campaign_id", flat=True)
    )
    zone = ZoneInfo(library.workspace().zone)
    drafts = [_fact(id_, entry, zone) for id_, entry in _presets()["facts"].items()]
    for year in (today.year, today.year + 1):
        drafts += [
            _yearly(f"{id_}-{year}", year, entry, zone)
            for id_, entry in _presets()["yearly"].items()
            if f"{id_}-{year}" not in _presets()["facts"]
        ]
    coming = [draft for draft in drafts if not draft.assumed or _to_come(draft, today)]
    return [draft for draft in coming if draft.id not in mine]


def imported(shop_id: str) -> list[Draft]:
    """Return the campaigns that the lake has of a shop and nobody has taken over yet."""
    mine = set(
        models.Campaign.objects.filter(shop_id=shop_id).values_list("campaign_id", flat=True)
    )
    with library.facts() as facts:
        rows = facts.table("campaigns")
        rows = rows.filter((rows.shop_id == shop_id) & (rows.end_at > rows.start_at))
        found = facts.engine.arrow(rows.order_by("start_at", "campaign_id")).to_pylist()
    zone = ZoneInfo(library.workspace().zone)
    groups: dict[str, list[Mapping[str, object]]] = {}
    for row in found:
        groups.setdefault(_campaign_of(row), []).append(row)
    return [_imported(id_, rows, zone) for id_, rows in groups.items() if id_ not in mine]


def take_over(shop_id: str, draft: Draft) -> None:
    """Make a campaign known from imports one that is set here.

    Raises:
        OvertakenError: somebody has just done so.
    """
    save(shop_id, draft, seen=0)


def save(shop_id: str, draft: Draft, *, seen: int) -> None:
    """Keep a campaign that a page showed as version `seen`, 0 for a new one.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    zone = ZoneInfo(library.workspace().zone)
    values: dict[str, object] = {
        "name": draft.name,
        "windows": promotions.stored(draft.windows, zone),
        "stack_mode": draft.stack_mode,
        "price_protect_days": draft.price_protect_days,
        "source": draft.source,
        "assumed": draft.assumed,
    }
    key: dict[str, object] = {"shop_id": shop_id, "campaign_id": draft.id}
    with transaction.atomic():
        before = models.Campaign.objects.filter(**key).values_list("most_windows", flat=True)
        values["most_windows"] = max([len(draft.windows), *before])
        change(models.Campaign, key, seen, values)


def end(one: models.Campaign, at: datetime | None, *, seen: int) -> None:
    """End a campaign at an instant, or let it run on as planned where that is None.

    Raises:
        OvertakenError: another change came first; nothing is changed.
    """
    with transaction.atomic():
        change(models.Campaign, {"pk": one.pk}, seen, {"ended_at": at})


def draft_of(one: models.Campaign) -> Draft:
    """Return a campaign as its form shows it."""
    return Draft(
        one.campaign_id,
        one.name,
        stretches(one.windows, None),
        one.source,
        one.assumed,
        (),
        one.stack_mode,
        one.price_protect_days,
    )


def _fact(id_: str, entry: Mapping[str, object], zone: ZoneInfo) -> Draft:
    windows, notes = [], []
    for one in _listed(entry["windows"]):
        windows.append(
            Stretch(_local(one["start"], zone), _local(one["end"], zone), Phase(one["phase"]))
        )
        notes.append(
            f"{Phase(one['phase']).label} {one['start'][:10]}（{one['row']}）；"
            f"资料没写、由我们补的：{one['assumed']}"
        )
    for one in _listed(entry["notes"]):
        notes.append(f"{one['text']}（{one['row']}，{one['source']}）")
    return Draft(id_, str(entry["name"]), tuple(windows), str(entry["source"]), False, tuple(notes))


def _yearly(id_: str, year: int, entry: Mapping[str, object], zone: ZoneInfo) -> Draft:
    name = str(entry["name"])
    if "month" not in entry:
        note = "没有固定的公历日期，请按平台当年公告填写"
        return Draft(id_, name, (), "", True, (note,))
    day = datetime(year, int(str(entry["month"])), int(str(entry["day"])), tzinfo=zone)
    window = Stretch(day, day + timedelta(days=1), Phase.LIVE)
    note = "默认提案，只有名字里的那一天：预售、尾款与开卖时间请按平台当年公告修改"
    return Draft(id_, name, (window,), "", True, (note,))


def _campaign_of(row: Mapping[str, object]) -> str:
    """Return the campaign that a row is a stretch of: a sheet of ours says, else it is its own."""
    try:
        about = json.loads(str(row["ext"] or "{}"))
    except ValueError:
        return str(row["campaign_id"])
    named = about.get("campaign") if isinstance(about, dict) else None
    return str(named or row["campaign_id"])


def _imported(id_: str, rows: list[Mapping[str, object]], zone: ZoneInfo) -> Draft:
    windows = []
    for row in rows:
        start, end_ = (_instant(row[name], zone) for name in ("start_at", "end_at"))
        windows.append(Stretch(start, end_, _phase(row["phase"])))
    first = rows[0]
    days = first["price_protect_days"]
    return Draft(
        id_,
        str(first["name"] or id_),
        tuple(sorted(windows)),
        IMPORTED,
        False,
        (),
        str(first["stack_mode"] or ""),
        None if days is None else int(str(days)),
    )


def _phase(word: object) -> Phase:
    return Phase(str(word)) if str(word) in set(Phase) else Phase.LIVE


def _to_come(draft: Draft, today: datetime) -> bool:
    if not draft.windows:
        return draft.id.endswith(str(today.year + 1))
    return max(window.end for window in draft.windows) > today


def _local(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _instant(value: object, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(int(str(value)) / 1_000_000, UTC).astimezone(zone)


def _listed(value: object) -> Iterable[Mapping[str, str]]:
    return value if isinstance(value, list) else []


@cache
def _presets() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    text = (files("huisheng.app.web.settings") / "campaign_presets.yaml").read_text("utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, object]]] = yaml.safe_load(text)
    return found
