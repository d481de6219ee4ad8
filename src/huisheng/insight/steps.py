"""流程环节: what a ticket's steps are called, how long they may take, and who does them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

ARROW = "→"
DEFAULT_HOURS = 24.0
DEFAULT_DEPARTMENT = "cs"


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a ticket from a state to the next: the hours it may take, and whose it is."""

    hours: float
    department: str


@cache
def _book() -> Mapping[str, Mapping[str, object]]:
    text = (files("huisheng.insight") / "steps.yaml").read_text(encoding="utf-8")
    book: Mapping[str, Mapping[str, object]] = yaml.safe_load(text)
    return book


@cache
def steps() -> Mapping[str, Step]:
    """Return the known steps by id (`from→to`)."""
    listed: Mapping[str, Mapping[str, object]] = _book()["steps"]  # type: ignore[assignment]
    return {
        id_: Step(float(str(step["hours"])), str(step["department"]))
        for id_, step in listed.items()
    }


def step_of(id_: str) -> Step:
    """Return a step, the default one for an id that is not listed."""
    return steps().get(id_, Step(DEFAULT_HOURS, DEFAULT_DEPARTMENT))


def step_name(id_: str) -> str:
    """Return a step in Chinese, `已验货→新件已发出`; a state without a name stands for itself."""
    states = _book()["states"]
    return ARROW.join(str(states.get(state, state)) for state in id_.split(ARROW))
