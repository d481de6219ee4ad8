"""What earlier runs found: the way of one stuck point over time."""

import json
from typing import TypedDict

from huisheng.app.report import Document, stuck_points
from huisheng.lake import Workspace, replace_bytes

KEPT_RUNS = 400


class PastFinding(TypedDict):
    """One finding of an earlier run; `rank` is that of its stuck point."""

    id: str
    shop_id: str
    title: str
    department: str
    segment: dict[str, str]
    rank: int
    value: float | None
    expected: float | None
    interval: list[float]
    affected: float
    cny: float


class PastRun(TypedDict):
    """One earlier run, without words of buyers."""

    start: str
    end: str
    data_hash: str
    findings: list[PastFinding]


def remember(workspace: Workspace, document: Document) -> None:
    """Keep a run's findings; a later run over the same period takes its place."""
    period = document["period"]
    found: list[PastFinding] = [
        {
            "id": finding["id"],
            "shop_id": finding["shop_id"],
            "title": finding["title"],
            "department": finding["department"],
            "segment": finding["segment"],
            "rank": point.rank,
            "value": finding["observed"]["value"],
            "expected": finding["expected"]["value"],
            "interval": finding["interval"],
            "affected": finding["impact"]["affected"],
            "cny": finding["impact"]["cny"],
        }
        for point in stuck_points(document["findings"])
        for finding in point.findings
    ]
    run: PastRun = {
        "start": period["start"],
        "end": period["end"],
        "data_hash": document["data_hash"],
        "findings": found,
    }
    folder = workspace.runs / "history"
    folder.mkdir(exist_ok=True)
    content = json.dumps(run, ensure_ascii=False, allow_nan=False).encode()
    replace_bytes(folder / f"{period['end']}_{period['start']}.json", content)
    for old in sorted(folder.glob("*.json"))[:-KEPT_RUNS]:
        old.unlink()


def past_runs(workspace: Workspace) -> list[PastRun]:
    """Return the runs remembered, by the end of their period, earliest first."""
    folder = workspace.runs / "history"
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
