"""Sentences of our own that the shipped model must understand: recall at least 0.9 per head."""

from pathlib import Path

import pytest
import yaml

from huisheng.language import load_model

ROWS = yaml.safe_load(Path(__file__).with_name("challenge.yaml").read_text(encoding="utf-8"))
SIGNS = {"+": 1, "-": -1}


@pytest.fixture(scope="module")
def answers() -> list[dict[str, object]]:
    labels = load_model().label([row["text"] for row in ROWS])
    return [labels.as_json(place) for place in range(len(ROWS))]


def _first_scene(answer: dict[str, object]) -> str:
    return answer["scenes"][0]["id"] if answer["scenes"] else "NONE"


def _wanted(key: str, answers: list) -> list[tuple[str, str, dict]]:
    return [
        (row["text"], wish, answer)
        for row, answer in zip(ROWS, answers, strict=True)
        if key in row
        for wish in ([row[key]] if key in ("scene", "calm") else row[key].split())
    ]


def _check(cases: list[tuple[str, str, bool]], least: float) -> None:
    missed = [(text, wish) for text, wish, right in cases if not right]
    assert 1 - len(missed) / len(cases) >= least, missed


def test_the_list_is_long_enough() -> None:
    assert len({row["text"] for row in ROWS}) >= 200


def test_aspects_with_polarity(answers: list) -> None:
    cases = []
    for text, wish, answer in _wanted("aspects", answers):
        found = {(aspect["id"], aspect["polarity"]) for aspect in answer["aspects"]}
        cases.append((text, wish, (wish[:-1], SIGNS[wish[-1]]) in found))
    _check(cases, 0.9)


def test_primary_scene(answers: list) -> None:
    found = _wanted("scene", answers)
    _check([(text, wish, _first_scene(a) in wish.split()) for text, wish, a in found], 0.9)


def test_risks(answers: list) -> None:
    found = _wanted("risk", answers)
    _check([(t, wish, wish in {risk["id"] for risk in a["risks"]}) for t, wish, a in found], 0.9)


def test_questions_denials_and_hearsay_are_no_risk(answers: list) -> None:
    _check([(text, "calm", not a["risks"]) for text, _, a in _wanted("calm", answers)], 0.95)


def test_sentiment(answers: list) -> None:
    found = _wanted("sentiment", answers)
    _check([(text, wish, a["sentiment"]["label"] == wish) for text, wish, a in found], 0.9)
