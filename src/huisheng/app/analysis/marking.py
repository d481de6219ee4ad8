"""Mark whatever a run says of a person on labels that have no judge licence: law 7 of the design.

Every page, letter and file is made of the run, so this is the one place that has to do it.
"""

from collections.abc import Iterable, Mapping

from huisheng.app.licences import FOR_INFORMATION
from huisheng.app.report.document import DayChangeEntry, FindingEntry, TipEntry
from huisheng.app.scoring import PERSON, Labels, metric_notice, notice
from huisheng.language import licence
from huisheng.metrics import find

Holding = Mapping[str, licence.Licences]
"""The licences that hold, by shop."""


def marked_finding(entry: FindingEntry, holding: licence.Licences) -> FindingEntry:
    """Return a stuck point, marked where it would blame a person on labels without a licence.

    The mark stands in the title and in what to do, so that no page or file can lose it.
    """
    told = ""
    if PERSON in entry["segment"]:
        told = notice(_labels_of(entry["problem"]), holding)
    if not told:
        return entry
    return {
        **entry,
        "title": f"{entry['title']}（{FOR_INFORMATION}）",
        "strategy": f"{entry['strategy']} {told}",
    }


def marked_changes(entries: Iterable[DayChangeEntry], holding: Holding) -> list[DayChangeEntry]:
    """Return changes of a day, their parts by person marked where labels have no licence."""
    return [_marked_change(entry, holding[entry["shop_id"]]) for entry in entries]


def _marked_change(entry: DayChangeEntry, holding: licence.Licences) -> DayChangeEntry:
    if not metric_notice(find(entry["metric"])[1], PERSON, holding):
        return entry
    for part in entry["parts"]:
        if part["dimension"] == PERSON:
            part["dimension_label"] += f"（{FOR_INFORMATION}）"
    return entry


def marked_tips(entries: Iterable[TipEntry], holding: Holding) -> list[TipEntry]:
    """Return what to tell agents; a topic is marked where scene or emotion have no licence."""
    marked = list(entries)
    for entry in marked:
        if entry["topic"] is not None:
            labels = {"scene": [entry["topic"]["scene"]], "upset": ["upset"]}
            if notice(labels, holding[entry["shop_id"]]):
                entry["topic"]["notice"] = FOR_INFORMATION
    return marked


def _labels_of(problem: Mapping[str, str]) -> Labels:
    """Return the labels that a problem rests on: none where it was recorded, not read."""
    kind, id_ = problem["kind"], problem["id"]
    if kind in ("refund_reason", "step"):
        return {}
    if kind == "metric":
        return find(id_)[1].labels
    return {kind: [id_], "polarity": ["negative"]} if kind == "aspect" else {kind: [id_]}
