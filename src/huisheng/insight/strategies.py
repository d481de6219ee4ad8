"""What to do about a stuck point, and how to find out whether it worked."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from huisheng.records import Finding

WINDOW_DAYS = 14


def strategy(kind: str, problem: str, department: str) -> str:
    """Return the suggested action, in Chinese."""
    return _entry(kind, problem, department)["action"]


def suggested_plan(finding: Finding) -> dict[str, object]:
    """Return a verification plan for `huisheng verify`; only the date of the fix is missing.

    A finding about a metric is verified on that metric, any other on the one its action moves.
    """
    entry = _entry(finding.problem.kind, finding.problem.id, finding.department)
    metric = finding.problem.id if finding.problem.kind == "metric" else entry["metric"]
    return {
        "name": finding.title,
        "cause": finding.id,
        "metric": metric,
        "segment": dict(finding.segment),
        "fix_date": None,
        "window_days": WINDOW_DAYS,
        "control": "auto",
    }


def _entry(kind: str, problem: str, department: str) -> Mapping[str, str]:
    book = _book()
    return book["problem"].get(problem) or book["kind"].get(kind) or book["department"][department]


@cache
def _book() -> dict[str, dict[str, dict[str, str]]]:
    text = (files("huisheng.insight") / "strategies.yaml").read_text(encoding="utf-8")
    content: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return content
