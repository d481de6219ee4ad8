"""Minimal pairs of our own: what signals a risk must be heard, and what nearly does must not."""

from collections import Counter
from importlib.resources import files
from typing import NamedTuple

import pytest
import yaml

from huisheng.language import load_model

PAIRS = yaml.safe_load((files("huisheng.language.training") / "risk_pairs.yaml").read_text("utf-8"))
SAFETY = {"R8", "R9", "R13"}
"""They start the same emergency plan: which of them besides the right one is no error."""
THREATS = {"R1", "R2", "R3", "R4"}
LEAST_PAIRS = dict.fromkeys(("R1", "R2", "R3", "R4", "R6", "R7"), 30)
LEAST_PAIRS |= dict.fromkeys(sorted(SAFETY), 60) | dict.fromkeys(("R5", "R10", "R11", "R12"), 20)
LEAST_RECALL = dict.fromkeys(LEAST_PAIRS, 0.9) | dict.fromkeys(sorted(SAFETY), 0.97)
LEAST_PRECISION = dict.fromkeys(LEAST_PAIRS, 0.95)


class Answer(NamedTuple):
    """A sentence, the risks it must and may signal, and those that were found."""

    text: str
    must: set[str]
    may: set[str]
    found: set[str]


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    wanted = [
        (pair[side], set(pair.get(key, "").split()), set(pair.get("also", "").split()))
        for pair in PAIRS
        for side, key in (("sign", "risk"), ("near", "but"))
    ]
    labels = load_model().label([text for text, _, _ in wanted])
    return [
        Answer(
            text,
            must,
            must | also | (SAFETY if must & SAFETY else set()),
            {risk["id"] for risk in labels.as_json(place)["risks"]},
        )
        for place, (text, must, also) in enumerate(wanted)
    ]


def _missed(answers: list[Answer], ids: set[str]) -> list[tuple[str, str]]:
    return [(name, a.text) for a in answers for name in sorted(a.must & ids - a.found)]


def _false(answers: list[Answer], ids: set[str]) -> list[tuple[str, str]]:
    return [(name, a.text) for a in answers for name in sorted(a.found & ids - a.may)]


def _hits(answers: list[Answer], ids: set[str]) -> int:
    return sum(len(a.must & a.found & ids) for a in answers)


def test_the_list_is_long_enough_and_says_nothing_twice() -> None:
    texts = [pair[side] for pair in PAIRS for side in ("sign", "near")]
    assert len(set(texts)) == len(texts) >= 1_200
    counts = Counter(name for pair in PAIRS for name in pair["risk"].split())
    assert {name: counts[name] for name, least in LEAST_PAIRS.items() if counts[name] < least} == {}


@pytest.mark.parametrize("name", LEAST_PAIRS)
def test_signals_are_heard(answers: list[Answer], name: str) -> None:
    missed = _missed(answers, {name})
    hits = _hits(answers, {name})
    assert hits / (hits + len(missed)) >= LEAST_RECALL[name], missed


@pytest.mark.parametrize("name", LEAST_PAIRS)
def test_near_misses_are_no_signals(answers: list[Answer], name: str) -> None:
    false = _false(answers, {name})
    hits = _hits(answers, {name})
    assert hits / (hits + len(false)) >= LEAST_PRECISION[name], false


def test_safety_and_injury_together(answers: list[Answer]) -> None:
    missed = _missed(answers, SAFETY)
    hits = _hits(answers, SAFETY)
    assert hits / (hits + len(missed)) >= 0.97, missed


def test_threats_together(answers: list[Answer]) -> None:
    false = _false(answers, THREATS)
    hits = _hits(answers, THREATS)
    assert hits / (hits + len(false)) >= 0.95, false


def test_most_pairs_are_told_apart(answers: list[Answer]) -> None:
    sides = zip(answers[::2], answers[1::2], strict=True)
    wrong = [(a.text, b.text) for a, b in sides if not (_right(a) and _right(b))]
    assert 1 - len(wrong) / len(PAIRS) >= 0.95, wrong


def _right(answer: Answer) -> bool:
    return answer.must <= answer.found <= answer.may
