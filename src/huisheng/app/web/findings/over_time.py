"""One stuck point over time: run by run, and decision by decision with the numbers of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from huisheng.app.analysis import PastFinding, past_runs
from huisheng.app.report import Document, phrases
from huisheng.app.report.amounts import Scale, count, loss, short_day
from huisheng.app.report.document import FindingEntry
from huisheng.app.report.labels import Labels
from huisheng.app.web import library
from huisheng.app.web.findings.models import Decision

KEPT = ("observed", "expected", "interval", "impact", "q_value")


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision in words, with what the decider saw."""

    label: str
    assignee: str
    by: str
    at: datetime
    reason: str
    numbers: str


@dataclass(frozen=True, slots=True)
class PastView:
    """What one run said of the finding; `value` empty where it did not find it."""

    day: str
    value: str
    expected: str
    affected: str
    cny: str


def numbers_of(entry: FindingEntry, document: Document | None) -> dict[str, object]:
    """Return the numbers behind a decision as they stand now."""
    seen: dict[str, object] = {name: cast(Mapping[str, object], entry)[name] for name in KEPT}
    if document is not None:
        seen |= {"period": document["period"], "data_hash": document["data_hash"]}
    return seen


def history_of(entry: FindingEntry, labels: Labels) -> list[DecisionView]:
    """Return the decisions on a finding, the first first."""
    decisions = Decision.objects.filter(finding_id=entry["id"]).select_related("user")
    return [
        DecisionView(
            decision.label,
            decision.assignee_name,
            decision.user.name if decision.user else "",
            decision.at,
            decision.reason,
            _told(entry, decision.numbers, labels),
        )
        for decision in decisions
    ]


def _told(entry: FindingEntry, numbers: Mapping[str, object], labels: Labels) -> str:
    if not numbers:
        return ""
    then = cast(FindingEntry, {**entry, **numbers})
    period = cast(Mapping[str, str], numbers.get("period", {}))
    impact = then["impact"]
    until = f"，数据到{short_day(period['end'])}" if period else ""
    return (
        f"{phrases.comparison(then, phrases.scale_of(then, labels))}；"
        f"影响 {count(impact['affected'])} 人，{loss(impact['cny'])}{until}"
    )


def past_of(finding_id: str, entry: FindingEntry, labels: Labels) -> list[PastView]:
    """Return what every remembered run said of a finding, the latest first."""
    scale = phrases.scale_of(entry, labels)
    return [_past(end, found, scale) for end, found in runs_of(finding_id)]


def runs_of(finding_id: str) -> list[tuple[str, PastFinding | None]]:
    """Return every remembered run's last day with what it said of a finding, the latest first.

    Runs before the first that found it are left out.
    """
    runs = [
        (run["end"], next((each for each in run["findings"] if each["id"] == finding_id), None))
        for run in past_runs(library.workspace())
    ]
    first = next((at for at, (_, found) in enumerate(runs) if found is not None), len(runs))
    return runs[first:][::-1]


def _past(end: str, found: PastFinding | None, scale: Scale) -> PastView:
    day = short_day(end)
    if found is None:
        return PastView(day, "", "", "", "")
    return PastView(
        day,
        scale.full(found["value"]),
        scale.full(found["expected"]),
        count(found["affected"]),
        loss(found["cny"]),
    )
