"""What a shop has not handed over yet, and where it is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import yaml
from django.utils import timezone

from huisheng.app.report.labels import PLATFORMS
from huisheng.app.web.data.held import Held, Part, held_by, parts_of
from huisheng.app.web.data.shops import Shop
from huisheng.records import all_tables

LOOKED_BACK_DAYS = 60


@dataclass(frozen=True, slots=True)
class Export:
    """One thing a shop can hand over; `part` is what it alone brings of its first table."""

    id: str
    label: str
    tables: tuple[str, ...]
    why: str
    daily: bool
    where: Mapping[str, str]
    part: Part | None = None

    @property
    def places(self) -> list[tuple[str, str]]:
        """Return (platforms, where it is found there), platforms with one answer together."""
        found: dict[str, list[str]] = {}
        rest = "其他平台" if len(self.where) > 1 else "各平台"
        for platform, where in self.where.items():
            found.setdefault(where, []).append(PLATFORMS.get(platform, rest))
        return [("、".join(names), where) for where, names in found.items()]


@dataclass(frozen=True, slots=True)
class Missing:
    """How complete one export is; `problem` is empty where nothing is missing."""

    export: Export
    where: str
    problem: str
    known: str


@cache
def all_exports() -> tuple[Export, ...]:
    """Return what a shop can hand over, the most important first."""
    text = (files("huisheng.app.web.data") / "exports.yaml").read_text(encoding="utf-8")
    return tuple(
        Export(
            id_,
            entry["label"],
            tuple(entry["tables"]),
            entry["why"],
            bool(entry.get("daily")),
            entry["where"],
            _part(entry["tables"][0], entry.get("part")),
        )
        for id_, entry in yaml.safe_load(text).items()
    )


def _part(table: str, entry: Mapping[str, str] | None) -> Part | None:
    return Part(table, entry["column"], entry.get("value", "")) if entry else None


def missing_exports(shop: Shop, today: date | None = None) -> list[Missing]:
    """Return every export of a shop with what it lacks, the incomplete first.

    Data of a day can be had from the platform on the next, so it is complete up to yesterday.
    """
    yesterday = (today or timezone.localdate()) - timedelta(days=1)
    held = held_by(shop.id)
    parts = parts_of(shop.id, tuple(each.part for each in all_exports() if each.part))
    found = [
        _missing(shop, export, _seen(export, held, parts), yesterday) for export in all_exports()
    ]
    return sorted(found, key=lambda one: not one.problem)


def _seen(
    export: Export, held: Mapping[str, Held], parts: Mapping[Part, int]
) -> Mapping[str, Held]:
    """Return what is held of an export, by table."""
    if export.part is None:
        return held
    rows = parts.get(export.part, 0)
    return {export.part.table: Held(rows, {})} if rows else {}


def _missing(shop: Shop, export: Export, held: Mapping[str, Held], yesterday: date) -> Missing:
    where = export.where.get(shop.platform) or export.where.get("any") or "按模板填写"
    absent = [name for name in export.tables if name not in held]
    known = "、".join(
        f"{all_tables()[name].label} {held[name].rows:,} 条"
        for name in export.tables
        if name in held
    )
    if len(absent) == len(export.tables):
        return Missing(export, where, "还没有导入过", "")
    lacks = f"缺{'、'.join(all_tables()[name].label for name in absent)}" if absent else ""
    problems = [lacks, _behind(export, held, yesterday)]
    return Missing(export, where, "；".join(filter(None, problems)), known)


def _behind(export: Export, held: Mapping[str, Held], yesterday: date) -> str:
    """Return what days are missing of an export that an open shop has every day."""
    dated = [held[name] for name in export.tables if name in held and held[name].last]
    if not export.daily or not dated:
        return ""
    last = min(each.last for each in dated if each.last)
    since = yesterday - timedelta(days=LOOKED_BACK_DAYS)
    days = {day for each in dated for day in each.days if day > since}
    parts = []
    if last < yesterday:
        parts.append(f"只到 {_day(last)}，缺 {(yesterday - last).days} 天")
    gaps = _gaps(days)
    if gaps:
        shown = "、".join(map(_day, gaps[:3])) + ("…" if len(gaps) > 3 else "")
        parts.append(f"中间缺 {len(gaps)} 天（{shown}）")
    return "；".join(parts)


def _gaps(days: set[date]) -> list[date]:
    if not days:
        return []
    first, last = min(days), max(days)
    between = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in between if day not in days]


def _day(day: date) -> str:
    return f"{day.month} 月 {day.day} 日"
