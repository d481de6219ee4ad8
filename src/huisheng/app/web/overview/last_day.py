"""The last full day in words: what left its usual range, and where."""

from dataclasses import dataclass

from huisheng.app.report import Document
from huisheng.app.report.amounts import amount, count, difference, short_day
from huisheng.app.report.document import DayChangeEntry, PartEntry
from huisheng.app.report.labels import Labels
from huisheng.app.report.part_charts import Range, Step, value_range, waterfall
from huisheng.app.web.measures.wording import group_name

LEAST_CHANGE_TOLD = 0.15
"""A part smaller than this share of the whole change is not worth a sentence."""
PARTS_TOLD = 2


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One metric of the day against its usual range; `steps` only where it left the range."""

    metric: str
    shop_id: str
    shop: str
    label: str
    value: str
    usual: str
    judged: str
    verdict: str
    basis: str
    range: Range
    where: str
    dimension: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class LastDay:
    """The day: what changed, and what stayed as it usually is."""

    day: str
    changed: list[ChangeView]
    usual: list[ChangeView]


def last_day(document: Document) -> LastDay:
    """Put the last full day of a run into words."""
    views = [
        (change["is_sure"], _view(change, document)) for change in document["charts"]["changes"]
    ]
    return LastDay(
        short_day(document["charts"]["last_day"]),
        [view for is_sure, view in views if is_sure],
        [view for is_sure, view in views if not is_sure],
    )


def _view(change: DayChangeEntry, document: Document) -> ChangeView:
    value, usual, unit = change["value"], change["usual"], change["unit"]
    judged = _judged(change)
    parts = _clearest(change)
    name = parts[0]["dimension_label"] if parts else ""
    told = [(_name(part, document), part["change"]) for part in parts]
    return ChangeView(
        metric=change["metric"],
        shop_id=change["shop_id"],
        shop=Labels(document).shop(change["shop_id"]),
        label=change["label"],
        value=amount(value, unit),
        usual=amount(usual, unit),
        judged=judged,
        verdict=_verdict(change, judged),
        basis=f"当天 {count(change['denominator'])} 例",
        range=value_range(value, usual, change["interval"], unit),
        where=_where(change, parts, document),
        dimension=name,
        steps=waterfall(("平日", usual), told, ("当天", value), unit, change["better"])
        if told
        else [],
    )


def _judged(change: DayChangeEntry) -> str:
    if not change["is_sure"] or change["better"] == "neither":
        return "even"
    return (
        "good" if (change["value"] > change["usual"]) == (change["better"] == "higher") else "bad"
    )


def _verdict(change: DayChangeEntry, judged: str) -> str:
    apart = difference(change["value"], change["usual"], change["unit"])
    way = "高" if change["value"] > change["usual"] else "低"
    word = {"good": "，变好", "bad": "，变差", "even": ""}[judged]
    return f"比平日{way} {apart}{word}"


def _clearest(change: DayChangeEntry) -> list[PartEntry]:
    """Return the parts of the dimension whose largest part stands out most from the others."""
    dimensions: dict[str, list[PartEntry]] = {}
    for part in change["parts"]:
        dimensions.setdefault(part["dimension"], []).append(part)
    if not dimensions:
        return []

    def concentration(parts: list[PartEntry]) -> float:
        known = [abs(part["change"]) for part in parts if part["group"] is not None]
        return max(known, default=0.0) / (sum(abs(part["change"]) for part in parts) or 1.0)

    return max(dimensions.values(), key=concentration)


def _where(change: DayChangeEntry, parts: list[PartEntry], document: Document) -> str:
    moved = change["value"] - change["usual"]
    telling = [
        part
        for part in parts
        if part["group"] is not None and part["change"] / moved >= LEAST_CHANGE_TOLD
    ][:PARTS_TOLD]
    if not telling:
        return ""
    told = "，".join(
        f"{part['dimension_label']} {_name(part, document)} 占 {part['change'] / moved:.0%}"
        for part in telling
    )
    return f"变化里最大的部分：{told}"


def _name(part: PartEntry, document: Document) -> str:
    if part["group"] is None:
        return "其余"
    return group_name(part["dimension"], part["group"], document)
