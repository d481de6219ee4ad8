"""Who owns a problem: every cause has exactly one accountable department (A10)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import yaml

from huisheng.errors import DefinitionError
from huisheng.insight.steps import step_name, step_of

DEPARTMENTS = ("ops", "product", "cs", "warehouse", "carrier")


@dataclass(frozen=True, slots=True)
class Owned:
    """A problem's Chinese name, its department, and what one affected buyer weighs."""

    label: str
    department: str
    weight: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names that findings are written with, handed in by the application.

    `aspects` and `scenes` give (label, department) by id, `metrics` labels; `values` gives names
    of dimension values, keyed by (shop_id, dimension, value).
    """

    aspects: Mapping[str, tuple[str, str]]
    scenes: Mapping[str, str]
    metrics: Mapping[str, str]
    dimensions: Mapping[str, str]
    values: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


@cache
def owners() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """Return the shipped owners of problems."""
    return _parsed("owners.yaml")


def searched_problems(vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Return the ids of the problems that are looked for, per kind."""
    book = owners()
    return {
        "aspect": frozenset(vocabulary.aspects),
        "scene": frozenset(book["scene"]) & frozenset(vocabulary.scenes),
        "metric": frozenset(book["metric"]) & frozenset(vocabulary.metrics),
    }


def owned(kind: str, problem: str, vocabulary: Vocabulary) -> Owned:
    """Return the owner of a problem; unknown refund reasons fall to the last pattern."""
    book = owners()
    if kind == "aspect":
        label, department = vocabulary.aspects[problem]
        weight = _number(book["aspect"].get(problem, {}).get("weight", 1.0))
        return Owned(label, department, weight)
    if kind == "refund_reason":
        return _refund_reason(problem)
    if kind == "step":
        return Owned(f"工单步骤「{step_name(problem)}」超时", step_of(problem).department, 0.8)
    entry = book[kind][problem]
    labels = vocabulary.scenes if kind == "scene" else vocabulary.metrics
    return Owned(labels[problem], str(entry["department"]), _number(entry["weight"]))


def _refund_reason(reason: str) -> Owned:
    for rule in _reason_rules():
        if re.search(str(rule["pattern"]), reason):
            return Owned(f"退款原因「{reason}」", str(rule["department"]), _number(rule["weight"]))
    raise DefinitionError("owners.yaml", "the last refund_reason pattern must match everything")


@cache
def _reason_rules() -> tuple[Mapping[str, object], ...]:
    text = (files("huisheng.insight") / "owners.yaml").read_text(encoding="utf-8")
    rules: list[dict[str, object]] = yaml.safe_load(text)["refund_reason"]
    return tuple(rules)


@cache
def _parsed(name: str) -> dict[str, dict[str, dict[str, object]]]:
    text = (files("huisheng.insight") / name).read_text(encoding="utf-8")
    content: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(text)
    return content


def _number(value: object) -> float:
    return float(str(value))
